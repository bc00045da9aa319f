using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pondus.Text;

/// <summary>The tokenizer of Llama's kind: neighboring pieces are joined by best score, characters without a piece become bytes.</summary>
/// <remarks>
/// <para>A space is spelled U+2581, and a text gets one in front; decoding takes it away again.</para>
/// <para>Source: Kudo and Richardson 2018 (arXiv 1808.06226), its byte-pair encoding with byte fallback.</para>
/// </remarks>
public sealed class SentencePieceTokenizer : Tokenizer
{
    private const char Space = '\u2581';

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spellings;
    private readonly float[] _scores;
    private readonly int[] _bytes;
    private readonly int _unknown;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The pieces in the order of their numbers; bytes are spelled <c>&lt;0x0A&gt;</c>.</param>
    /// <param name="scores">Their scores: the pair that makes the piece of the highest is joined first.</param>
    /// <param name="kinds">Their kinds.</param>
    /// <exception cref="ArgumentException">There are not as many scores and kinds as tokens.</exception>
    public SentencePieceTokenizer(IReadOnlyList<string> tokens, IReadOnlyList<float> scores, IReadOnlyList<TokenKind> kinds)
        : base(tokens, kinds)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(kinds);
        if (scores.Count != tokens.Count)
        {
            throw Wrong($"a score for each of {tokens.Count} tokens", scores.Count, nameof(scores));
        }

        _scores = [.. scores];
        _spellings = Spellings().GetAlternateLookup<ReadOnlySpan<char>>();
        _bytes = [.. Enumerable.Repeat(-1, 256)];
        _unknown = -1;
        for (int i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] == TokenKind.Byte && ByteOf(tokens[i]) is { } value)
            {
                _bytes[value] = i;
            }
            else if (kinds[i] == TokenKind.Unknown)
            {
                _unknown = i;
            }
        }
    }

    /// <summary>Gets whether a text gets a space in front, so that its first word is spelled like the others.</summary>
    public bool AddsSpace { get; init; } = true;

    /// <inheritdoc/>
    protected override void EncodePart(string text, bool isFirst, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokens);
        string spelled = (AddsSpace && isFirst ? " " + text : text).Replace(' ', Space);
        List<PairMerging.Piece> pieces = new(spelled.Length);
        for (int i = 0; i < spelled.Length;)
        {
            // Half a character stands alone: it becomes the bytes of U+FFFD.
            int length = char.IsSurrogatePair(spelled, i) ? 2 : 1;
            pieces.Add(new PairMerging.Piece(i, length, Find(spelled.AsSpan(i, length))));
            i += length;
        }

        foreach (PairMerging.Piece piece in PairMerging.Merge(pieces, (left, right) =>
        {
            int token = Find(spelled.AsSpan(left.Start, left.Length + right.Length));
            return token < 0 ? null : (-_scores[token], token);
        }))
        {
            if (piece.Token >= 0)
            {
                tokens.Add(piece.Token);
            }
            else
            {
                AddBytes(spelled.AsSpan(piece.Start, piece.Length), tokens);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Append(int token, IBufferWriter<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (KindOf(token) == TokenKind.Byte && ByteOf(Tokens[token]) is { } value)
        {
            bytes.Write([value]);
            return;
        }

        // What was unknown is lost; the sign for it says so.
        string text = KindOf(token) == TokenKind.Unknown ? "\u2047" : Tokens[token].Replace(Space, ' ');
        bytes.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <inheritdoc/>
    protected override string Finish(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AddsSpace && text.StartsWith(' ') ? text[1..] : text;
    }

    private static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;

    private int Find(ReadOnlySpan<char> spelling) => _spellings.TryGetValue(spelling, out int token) ? token : -1;

    private void AddBytes(ReadOnlySpan<char> character, List<int> tokens)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(character, bytes)];
        foreach (byte value in bytes)
        {
            if (_bytes[value] < 0)
            {
                if (_unknown >= 0)
                {
                    tokens.Add(_unknown);
                }

                return;
            }
        }

        foreach (byte value in bytes)
        {
            tokens.Add(_bytes[value]);
        }
    }
}
