using System.Globalization;
using System.Text;

namespace Pondus.Text;

/// <summary>Cuts a text into words as uncased BERT does: lower case, without accents, punctuation and Chinese characters alone.</summary>
/// <remarks>
/// <para>The base library decomposes no characters where it runs without cultures, so the table is a resource: a line for each character that
/// has an accent or a canonical twin, then what is left of it. tools/text/make_bases.py writes it; Hangul follows a rule.</para>
/// </remarks>
internal static class WordNormalization
{
    private static readonly Dictionary<Rune, string> s_bases = Load();

    internal static List<string> Words(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsDropped(rune))
            {
                continue;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                End(words, word);
            }
            else
            {
                Add(rune, words, word);
            }
        }

        End(words, word);
        return words;
    }

    private static void Add(Rune rune, List<string> words, StringBuilder word)
    {
        foreach (Rune part in Base(rune).EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(part);
            if (category == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            bool alone = IsPunctuation(part, category) || IsChinese(rune.Value);
            if (alone)
            {
                End(words, word);
            }

            word.Append(Rune.ToLowerInvariant(part).ToString());
            if (alone)
            {
                End(words, word);
            }
        }
    }

    private static void End(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    // What Unicode has not assigned stays: the tokenizers in use keep it, although the first program of BERT dropped it.
    // Of the control characters only three are white space to BERT.
    private static bool IsDropped(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && (rune.Value is 0xFFFD || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    // All of ASCII that is neither letter nor digit counts, whatever Unicode says of it.
    private static bool IsPunctuation(Rune rune, UnicodeCategory category) =>
        (rune.IsAscii && !Rune.IsLetterOrDigit(rune))
        || category is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation;

    private static bool IsChinese(int value) => value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static string Base(Rune rune)
    {
        const int hangul = 0xAC00, syllables = 11_172, vowels = 21, tails = 28;
        int index = rune.Value - hangul;
        if (index is >= 0 and < syllables)
        {
            int tail = index % tails;
            string letters = $"{(char)(0x1100 + (index / (vowels * tails)))}{(char)(0x1161 + (index / tails % vowels))}";
            return tail == 0 ? letters : letters + (char)(0x11A7 + tail);
        }

        return s_bases.TryGetValue(rune, out string? text) ? text : rune.ToString();
    }

    private static Dictionary<Rune, string> Load()
    {
        using Stream stream = typeof(WordNormalization).Assembly.GetManifestResourceStream("text/bases.txt")
            ?? throw new InvalidOperationException("WordNormalization: expected the resource text/bases.txt, got none.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        Dictionary<Rune, string> bases = [];
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            Rune rune = Rune.GetRuneAt(line, 0);
            bases.Add(rune, line[rune.Utf16SequenceLength..]);
        }

        return bases;
    }
}
