using System.Buffers;
using System.Text;

namespace Pondus.Text;

/// <summary>Turns text into the numbers of a vocabulary's tokens and back.</summary>
/// <remarks>A tokenizer never changes: it may be used from any number of threads.</remarks>
public abstract class Tokenizer
{
    private readonly string[] _tokens;
    private readonly TokenKind[] _kinds;
    private readonly (string Text, int Token)[] _userDefined;
    private readonly SearchValues<string>? _userDefinedTexts;

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="tokens">The texts of the tokens in the order of their numbers.</param>
    /// <param name="kinds">Their kinds, or null when all are normal.</param>
    /// <exception cref="ArgumentException">There are not as many kinds as tokens.</exception>
    protected Tokenizer(IReadOnlyList<string> tokens, IReadOnlyList<TokenKind>? kinds)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (kinds is not null && kinds.Count != tokens.Count)
        {
            throw new ArgumentException($"{GetType().Name}: expected a kind for each of {tokens.Count} tokens, got {kinds.Count}.", nameof(kinds));
        }

        _tokens = [.. tokens];
        _kinds = kinds is null ? Enumerable.Repeat(TokenKind.Normal, tokens.Count).ToArray() : [.. kinds];
        _userDefined = [.. _tokens.Index()
            .Where(token => _kinds[token.Index] == TokenKind.UserDefined && token.Item.Length > 0)
            .Select(static token => (token.Item, token.Index))
            .OrderByDescending(static token => token.Item.Length)];
        _userDefinedTexts = _userDefined.Length == 0 ? null : SearchValues.Create([.. _userDefined.Select(static token => token.Text)], StringComparison.Ordinal);
    }

    /// <summary>Gets the texts of the tokens in the order of their numbers, as the vocabulary spells them.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>Gets the number of tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>Gets the token that begins a text, or null.</summary>
    public int? BeginToken { get; init; }

    /// <summary>Gets the token that ends a text, or null.</summary>
    public int? EndToken { get; init; }

    /// <summary>Gets whether the network wants <see cref="BeginToken"/> before a text.</summary>
    public bool AddsBegin { get; init; }

    /// <summary>Gets whether the network wants <see cref="EndToken"/> behind a text.</summary>
    public bool AddsEnd { get; init; }

    /// <summary>Gives the kind of a token.</summary>
    /// <param name="token">Its number.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public TokenKind KindOf(int token) => (uint)token < (uint)_kinds.Length
        ? _kinds[token]
        : throw new ArgumentOutOfRangeException(nameof(token), token, $"{GetType().Name}: expected tokens from 0 to {Count - 1}, got {token}.");

    /// <summary>Turns text into tokens, without begin and end.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The numbers of the tokens.</returns>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> tokens = [];
        if (text.Length == 0)
        {
            return [];
        }

        // Halves of characters become U+FFFD here, so that nothing below meets any.
        string whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        for (int start = 0; start < whole.Length;)
        {
            int length = _userDefinedTexts is null ? -1 : whole.AsSpan(start).IndexOfAny(_userDefinedTexts);
            int end = length < 0 ? whole.Length : start + length;
            if (end > start)
            {
                EncodePart(whole[start..end], start == 0, tokens);
            }

            start = end;
            if (length >= 0)
            {
                // They are in order of falling length, so the longest wins.
                (string found, int token) = Array.Find(_userDefined, item => whole.AsSpan(end).StartsWith(item.Text, StringComparison.Ordinal));
                tokens.Add(token);
                start += found.Length;
            }
        }

        return [.. tokens];
    }

    /// <summary>Turns text into tokens, with begin and end where the network wants them.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The numbers of the tokens.</returns>
    public int[] EncodeMarked(string text)
    {
        int[] tokens = Encode(text);
        int[] begin = AddsBegin && BeginToken is { } first ? [first] : [], end = AddsEnd && EndToken is { } last ? [last] : [];
        return [.. begin, .. tokens, .. end];
    }

    /// <summary>Turns tokens into text; control tokens give none.</summary>
    /// <param name="tokens">Numbers from 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The text; bytes that are no UTF-8 become U+FFFD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        ArrayBufferWriter<byte> bytes = new();
        foreach (int token in tokens)
        {
            if (KindOf(token) is not (TokenKind.Control or TokenKind.Unused))
            {
                Append(token, bytes);
            }
        }

        return Finish(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    /// <summary>Prints the kind of tokenizer and the number of its tokens.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{GetType().Name}({Count} tokens)";

    /// <summary>Turns text without user-defined tokens into tokens.</summary>
    /// <param name="text">A part of the text, not empty.</param>
    /// <param name="isFirst">Whether the text begins here.</param>
    /// <param name="tokens">Receives the numbers.</param>
    protected abstract void EncodePart(string text, bool isFirst, List<int> tokens);

    /// <summary>Appends the UTF-8 bytes that a token stands for.</summary>
    /// <param name="token">Its number.</param>
    /// <param name="bytes">Receives the bytes.</param>
    protected abstract void Append(int token, IBufferWriter<byte> bytes);

    /// <summary>Finishes a decoded text.</summary>
    /// <param name="text">The text of all tokens.</param>
    /// <returns>The text as it was before encoding.</returns>
    protected virtual string Finish(string text) => text;

    /// <summary>The tokens that text may become, by their spelling; of two with one spelling the last.</summary>
    private protected Dictionary<string, int> Spellings()
    {
        Dictionary<string, int> spellings = new(StringComparer.Ordinal);
        for (int i = 0; i < _tokens.Length; i++)
        {
            if (_kinds[i] is TokenKind.Normal or TokenKind.UserDefined && _tokens[i].Length > 0)
            {
                spellings[_tokens[i]] = i;
            }
        }

        return spellings;
    }

    private protected ArgumentException Wrong(string expected, object got, string parameter) =>
        new($"{GetType().Name}: expected {expected}, got {got}.", parameter);
}
