using System.Buffers;
using System.Text;

namespace Pondus.Text;

/// <summary>The tokenizer of GPT-2 and its kin: the bytes of each word are joined in the order in which training learned the pairs.</summary>
/// <remarks>
/// <para>Each byte is spelled as a printable character, a space as U+0120, so there is nothing that a vocabulary lacks.</para>
/// <para>Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.2; Sennrich et al. 2016 (arXiv 1508.07909).</para>
/// </remarks>
public sealed class BytePairTokenizer : Tokenizer
{
    private static readonly char[] s_characterOfByte = Characters();
    private static readonly Dictionary<char, byte> s_byteOfCharacter = s_characterOfByte.Index().ToDictionary(static item => item.Item, static item => (byte)item.Index);

    private readonly Dictionary<(int Left, int Right), (double Rank, int Token)> _merges = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spellings;
    private readonly int[] _bytes = new int[256];
    private readonly int _unknown;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The tokens in the order of their numbers, bytes spelled as GPT-2 spells them.</param>
    /// <param name="merges">The pairs in the order of their learning, two tokens with a space between; what is not made of tokens is passed over.</param>
    /// <param name="kinds">The kinds of the tokens, or null when all are normal.</param>
    /// <exception cref="ArgumentException">There are not as many kinds as tokens.</exception>
    public BytePairTokenizer(IReadOnlyList<string> tokens, IReadOnlyList<string> merges, IReadOnlyList<TokenKind>? kinds = null)
        : base(tokens, kinds)
    {
        ArgumentNullException.ThrowIfNull(merges);
        Dictionary<string, int> spellings = Spellings();
        for (int i = 0; i < merges.Count; i++)
        {
            int space = merges[i].IndexOf(' ', StringComparison.Ordinal);
            if (space > 0
                && spellings.TryGetValue(merges[i][..space], out int left)
                && spellings.TryGetValue(merges[i][(space + 1)..], out int right)
                && spellings.TryGetValue(merges[i].Remove(space, 1), out int joined))
            {
                _merges.TryAdd((left, right), (i, joined));
            }
        }

        _spellings = spellings.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < _bytes.Length; i++)
        {
            _bytes[i] = spellings.GetValueOrDefault(s_characterOfByte[i].ToString(), -1);
        }

        _unknown = Enumerable.Range(0, Count).FirstOrDefault(token => KindOf(token) == TokenKind.Unknown, -1);
    }

    /// <summary>Gets how a text is cut into words.</summary>
    public WordSplitting Splitting { get; init; }

    /// <summary>Gets whether a word that is a token is taken whole, even where the merges do not lead to it, as Llama 3 wants.</summary>
    public bool TakesWholeWords { get; init; }

    /// <inheritdoc/>
    protected override void EncodePart(string text, bool isFirst, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokens);
        for (int start = 0; start < text.Length;)
        {
            int end = WordSplit.EndOfWord(text, start, Splitting);
            EncodeWord(Encoding.UTF8.GetBytes(text[start..end]), tokens);
            start = end;
        }
    }

    /// <inheritdoc/>
    protected override void Append(int token, IBufferWriter<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        string spelled = Tokens[token];
        if (KindOf(token) != TokenKind.Normal)
        {
            bytes.Write(Encoding.UTF8.GetBytes(spelled));
            return;
        }

        foreach (char character in spelled)
        {
            // A character that stands for no byte was put in by hand and stands for itself.
            bytes.Write(s_byteOfCharacter.TryGetValue(character, out byte value) ? [value] : Encoding.UTF8.GetBytes([character]));
        }
    }

    private void EncodeWord(byte[] bytes, List<int> tokens)
    {
        if (TakesWholeWords && _spellings.TryGetValue(Array.ConvertAll(bytes, static value => s_characterOfByte[value]), out int whole))
        {
            tokens.Add(whole);
            return;
        }

        List<PairMerging.Piece> pieces = new(bytes.Length);
        for (int i = 0; i < bytes.Length; i++)
        {
            pieces.Add(new PairMerging.Piece(i, 1, _bytes[bytes[i]]));
        }

        foreach (PairMerging.Piece piece in PairMerging.Merge(pieces, Rule))
        {
            if (piece.Token >= 0)
            {
                tokens.Add(piece.Token);
            }
            else if (_unknown >= 0)
            {
                tokens.Add(_unknown);
            }
        }
    }

    /// <summary>Printable bytes of Latin-1 stand for themselves; the others, in order, for the characters from U+0100 on.</summary>
    private static char[] Characters()
    {
        char[] characters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < characters.Length; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }

    private (double Rank, int Token)? Rule(PairMerging.Piece left, PairMerging.Piece right) =>
        _merges.TryGetValue((left.Token, right.Token), out (double Rank, int Token) joined) ? joined : null;
}
