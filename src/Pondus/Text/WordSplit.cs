using System.Globalization;
using System.Text;

namespace Pondus.Text;

/// <summary>Cuts a text into the words within which GPT-2 joins bytes.</summary>
/// <remarks>
/// <para>The same as its expression <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, but by whole
/// characters: .NET's expressions see the halves of those beyond U+FFFF, which are neither letters nor numbers.</para>
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
    internal static int EndOfWord(string text, int start)
    {
        string? contraction = Array.Find(s_contractions, item => text.AsSpan(start).StartsWith(item, StringComparison.Ordinal));
        if (contraction is not null)
        {
            return start + contraction.Length;
        }

        // One space may belong to the word behind it.
        int word = text[start] == ' ' ? start + 1 : start;
        if (word < text.Length && KindOf(text, word, out _) is not Kind.Space and Kind kind)
        {
            return EndOfRun(text, word, kind);
        }

        // White space leaves its last character to the next word.
        int end = EndOfRun(text, start, Kind.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static int EndOfRun(string text, int start, Kind kind)
    {
        int end = start;
        while (end < text.Length && KindOf(text, end, out int length) == kind)
        {
            end += length;
        }

        return end;
    }

    private static Kind KindOf(string text, int at, out int length)
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
