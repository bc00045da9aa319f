using System.Buffers;
using System.Text;

namespace Pondus.Text;

/// <summary>The tokenizer of BERT, uncased: words become the longest pieces that the vocabulary has, from the left.</summary>
/// <remarks>
/// <para>Case, accents and the kind of white space are lost; punctuation and Chinese characters are words of their own.</para>
/// <para>Vocabularies come in two spellings: continuations begin with <c>##</c>, or the begins of words with U+2581. The tokens say which.</para>
/// <para>Source: Devlin et al. 2018 (arXiv 1810.04805); Wu et al. 2016 (arXiv 1609.08144), section 4.1.</para>
/// </remarks>
public sealed class WordPieceTokenizer : Tokenizer
{
    private const int LongestWord = 100;
    private const string Continuation = "##";
    private const string Begin = "\u2581";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _begins;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;
    private readonly int _unknown;
    private readonly bool _marksBegins;
    private readonly int _longestPiece;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The tokens in the order of their numbers.</param>
    /// <param name="unknown">The token of words that cannot be made of pieces.</param>
    /// <param name="kinds">The kinds of the tokens, or null when all are normal.</param>
    /// <exception cref="ArgumentException">There is no such unknown token, or there are not as many kinds as tokens.</exception>
    public WordPieceTokenizer(IReadOnlyList<string> tokens, int unknown, IReadOnlyList<TokenKind>? kinds = null)
        : base(tokens, kinds)
    {
        if ((uint)unknown >= (uint)Count)
        {
            throw Wrong($"an unknown token from 0 to {Count - 1}", unknown, nameof(unknown));
        }

        _unknown = unknown;
        _marksBegins = Tokens.Count(static token => token.StartsWith(Begin, StringComparison.Ordinal)) > Tokens.Count(static token => token.StartsWith(Continuation, StringComparison.Ordinal));
        _longestPiece = Tokens.Max(static token => token.Length);
        Dictionary<string, int> begins = new(StringComparer.Ordinal), continuations = new(StringComparer.Ordinal);
        foreach ((string spelling, int token) in Spellings())
        {
            (Begins(token) ? begins : continuations)[Bare(spelling)] = token;
        }

        _begins = begins.GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = continuations.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <inheritdoc/>
    protected override void EncodePart(string text, bool isFirst, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokens);
        foreach (string word in WordNormalization.Words(text))
        {
            int count = tokens.Count;
            if (word.EnumerateRunes().Count() > LongestWord || !TryEncode(word, tokens))
            {
                tokens.RemoveRange(count, tokens.Count - count);
                tokens.Add(_unknown);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Append(int token, IBufferWriter<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        string text = (Begins(token) ? " " : "") + Bare(Tokens[token]);
        bytes.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <inheritdoc/>
    protected override string Finish(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.TrimStart(' ');
    }

    // Marks such as [UNK] stand alone in either spelling.
    private bool Begins(int token) => _marksBegins
        ? Tokens[token].StartsWith(Begin, StringComparison.Ordinal) || KindOf(token) != TokenKind.Normal
        : !Tokens[token].StartsWith(Continuation, StringComparison.Ordinal);

    private string Bare(string spelling)
    {
        string mark = _marksBegins ? Begin : Continuation;
        return spelling.StartsWith(mark, StringComparison.Ordinal) ? spelling[mark.Length..] : spelling;
    }

    private bool TryEncode(string word, List<int> tokens)
    {
        for (int start = 0; start < word.Length;)
        {
            Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces = start == 0 ? _begins : _continuations;
            int end = Math.Min(word.Length, start + _longestPiece), token = -1;
            while (end > start && !pieces.TryGetValue(word.AsSpan(start, end - start), out token))
            {
                end--;
            }

            if (end == start)
            {
                return false;
            }

            tokens.Add(token);
            start = end;
        }

        return true;
    }
}
