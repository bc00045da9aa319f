using System.Globalization;
using System.Text;

namespace Pondus.Text;

/// <summary>Cuts a text into the words within which bytes are joined, as the expressions of the models do.</summary>
/// <remarks>
/// <para>GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c></para>
/// <para>Llama 3: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>;
/// Qwen 2 has <c>\p{N}</c> for numbers.</para>
/// <para>By whole characters: .NET's expressions see the halves of those beyond U+FFFF, which are neither letters nor numbers.</para>
/// </remarks>
internal static class WordSplit
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Gives the end of the word that begins at a place.</summary>
    internal static int EndOfWord(string text, int start, WordSplitting splitting) => splitting switch
    {
        WordSplitting.Llama3 => EndOfLlama3(text, start, digits: 3),
        WordSplitting.Qwen2 => EndOfLlama3(text, start, digits: 1),
        _ => EndOfGpt2(text, start),
    };

    private static int EndOfGpt2(string text, int start)
    {
        if (EndOfContraction(text, start, StringComparison.Ordinal) is { } contraction)
        {
            return contraction;
        }

        // One space may belong to the word behind it.
        int word = text[start] == ' ' ? start + 1 : start;
        return word < text.Length && KindAt(text, word, out _) is not Kind.Space and Kind kind ? EndOfRun(text, word, kind) : EndOfSpace(text, start);
    }

    private static int EndOfLlama3(string text, int start, int digits)
    {
        if (EndOfContraction(text, start, StringComparison.OrdinalIgnoreCase) is { } contraction)
        {
            return contraction;
        }

        Kind kind = KindAt(text, start, out int length);
        // Any one character but a number or a line end may belong to the letters behind it.
        int letters = kind is Kind.Letter or Kind.Number || text[start] is '\r' or '\n' ? start : start + length;
        if (kind != Kind.Number && letters < text.Length && KindAt(text, letters, out _) == Kind.Letter)
        {
            return EndOfRun(text, letters, Kind.Letter);
        }

        if (kind == Kind.Number)
        {
            return EndOfRun(text, start, Kind.Number, digits);
        }

        int other = text[start] == ' ' ? start + 1 : start;
        if (other < text.Length && KindAt(text, other, out _) == Kind.Other)
        {
            return EndOfLines(text, EndOfRun(text, other, Kind.Other));
        }

        int end = EndOfRun(text, start, Kind.Space), line = text.AsSpan(start, end - start).LastIndexOfAny('\r', '\n');
        return line >= 0 ? start + line + 1 : EndOfSpace(text, start);
    }

    private static int? EndOfContraction(string text, int start, StringComparison comparison)
    {
        string? contraction = Array.Find(s_contractions, item => text.AsSpan(start).StartsWith(item, comparison));
        return contraction is null ? null : start + contraction.Length;
    }

    // White space leaves its last character to the next word.
    private static int EndOfSpace(string text, int start)
    {
        int end = EndOfRun(text, start, Kind.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static int EndOfLines(string text, int start)
    {
        int end = start;
        while (end < text.Length && text[end] is '\r' or '\n')
        {
            end++;
        }

        return end;
    }

    private static int EndOfRun(string text, int start, Kind kind, int most = int.MaxValue)
    {
        int end = start;
        for (int count = 0; count < most && end < text.Length && KindAt(text, end, out int length) == kind; count++)
        {
            end += length;
        }

        return end;
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        Rune rune = Rune.GetRuneAt(text, at);
        length = rune.Utf16SequenceLength;
        if (Rune.IsWhiteSpace(rune))
        {
            return Kind.Space;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
