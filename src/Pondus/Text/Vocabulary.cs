using System.Globalization;
using System.Text;

namespace Pondus.Text;

/// <summary>The characters that a network knows, each with its number; turns text into tokens and back.</summary>
/// <remarks>
/// <para>A character is a Unicode code point. A run keeps its vocabulary as its class names, in order, so whoever has the run can decode.</para>
/// </remarks>
public sealed class Vocabulary
{
    /// <summary>The token that stands for every character without one of its own.</summary>
    public const string Other = "\uFFFD";

    private readonly string[] _tokens;
    private readonly Dictionary<int, int> _numbers = [];
    private readonly int _other;

    /// <summary>Makes a vocabulary of known tokens, such as those that a run keeps.</summary>
    /// <param name="tokens">The characters in order, each once; <see cref="Other"/> among them takes what has no token of its own.</param>
    /// <exception cref="ArgumentException">A token is no single character, or is there twice.</exception>
    public Vocabulary(params IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = [.. tokens];
        for (int i = 0; i < _tokens.Length; i++)
        {
            if (!Rune.TryGetRuneAt(_tokens[i], 0, out Rune rune) || rune.Utf16SequenceLength != _tokens[i].Length)
            {
                throw new ArgumentException($"Vocabulary: expected tokens of one character, got '{_tokens[i]}' at {i}.", nameof(tokens));
            }

            if (!_numbers.TryAdd(rune.Value, i))
            {
                throw new ArgumentException($"Vocabulary: expected each token once, got {Name(rune)} again at {i}.", nameof(tokens));
            }
        }

        _other = Array.IndexOf(_tokens, Other);
    }

    /// <summary>Gets the tokens in the order of their numbers.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>Gets the number of tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>Takes the characters of a text: the most frequent first, equally frequent ones by code point.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maximumCount">Most tokens; where the text has more characters, the rarest share the last token, <see cref="Other"/>. Null keeps all.</param>
    /// <returns>The vocabulary.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumCount"/> is below 2.</exception>
    public static Vocabulary OfCharacters(string text, int? maximumCount = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount ?? int.MaxValue, 2, nameof(maximumCount));
        Dictionary<int, long> counts = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            counts[rune.Value] = counts.GetValueOrDefault(rune.Value) + 1;
        }

        IEnumerable<string> characters = counts.OrderByDescending(static c => c.Value).ThenBy(static c => c.Key).Select(static c => new Rune(c.Key).ToString());
        return maximumCount < counts.Count
            ? new Vocabulary([.. characters.Where(static c => c != Other).Take(maximumCount.Value - 1), Other])
            : new Vocabulary([.. characters]);
    }

    /// <summary>Turns text into tokens.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number of each character's token.</returns>
    /// <exception cref="ArgumentException">A character has no token and the vocabulary has no <see cref="Other"/>.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> tokens = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            int token = _numbers.GetValueOrDefault(rune.Value, _other);
            if (token < 0)
            {
                throw new ArgumentException($"Vocabulary: expected characters among the {Count} known ones, got {Name(rune)} at character {tokens.Count}.", nameof(text));
            }

            tokens.Add(token);
        }

        return [.. tokens];
    }

    /// <summary>Turns tokens into text.</summary>
    /// <param name="tokens">Numbers from 0 to <see cref="Count"/> - 1.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token has no character.</exception>
    public string Decode(params ReadOnlySpan<int> tokens)
    {
        StringBuilder text = new(tokens.Length);
        foreach (int token in tokens)
        {
            text.Append((uint)token < (uint)Count
                ? _tokens[token]
                : throw new ArgumentOutOfRangeException(nameof(tokens), token, $"Vocabulary: expected tokens from 0 to {Count - 1}, got {token}."));
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Vocabulary({Count} characters)";

    private static string Name(Rune rune) => Rune.IsControl(rune) || !rune.IsAscii
        ? string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}")
        : $"'{rune}'";
}
