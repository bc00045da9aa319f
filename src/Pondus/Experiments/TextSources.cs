using System.Globalization;
using Pondus.Data;
using Pondus.Text;

namespace Pondus.Experiments;

/// <summary>Reads the text that an experiment names, and divides it by position.</summary>
internal static class TextSources
{
    /// <summary>Loads and divides the text: first what is learned from, then the validation part, then the test part.</summary>
    public static ExperimentData Load(TextDataSettings settings)
    {
        string text = Read(settings);
        Vocabulary vocabulary = Vocabulary.OfCharacters(text, settings.Vocabulary);
        ReadOnlySpan<int> tokens = vocabulary.Encode(text);
        int validation = CountOf(settings.Split.Validation, tokens.Length, settings.Context);
        int test = CountOf(settings.Split.Test, tokens.Length, settings.Context);
        long training = (long)tokens.Length - validation - test;
        foreach ((string key, long length) in new[] { (string.Empty, training), (".split.validation", validation), (".split.test", test) })
        {
            if (length <= settings.Context && (length > 0 || key.Length == 0))
            {
                throw new ExperimentException($"data{key}", $"more than {settings.Context} characters, the context and the one behind it", length.ToString(CultureInfo.InvariantCulture));
            }
        }

        int end = (int)training;
        return new ExperimentData(
            TextDataset.Windows(tokens[..end], vocabulary, settings.Context),
            validation > 0 ? TextDataset.Windows(tokens.Slice(end, validation), vocabulary, settings.Context, shifts: false) : null,
            test > 0 ? TextDataset.Windows(tokens[(end + validation)..], vocabulary, settings.Context, shifts: false) : null,
            Standardizer: null,
            TextDataset.Windows(tokens, vocabulary, settings.Context, shifts: false).Sha256(),
            vocabulary.Tokens);
    }

    /// <summary>Loads the whole text with a vocabulary that is known already.</summary>
    public static Dataset Whole(TextDataSettings settings, IReadOnlyList<string> tokens)
    {
        string text = Read(settings);
        Vocabulary vocabulary = tokens.Count > 0 ? new Vocabulary(tokens) : Vocabulary.OfCharacters(text, settings.Vocabulary);
        return TextDataset.Windows(vocabulary.Encode(text), vocabulary, settings.Context, shifts: false);
    }

    private static string Read(TextDataSettings settings)
    {
        if (settings.Path is { } path)
        {
            return PlainText.Read(path);
        }

        IReadOnlyList<string> licenses = PlainText.FindLicenses();
        return licenses.Count > 0
            ? PlainText.ReadFiles(licenses)
            : throw new ExperimentException("data.path", "a text, since this system does not keep license texts as Debian does", "nothing");
    }

    /// <summary>A share of the tokens, or a number of windows with the token behind the last.</summary>
    private static int CountOf(double part, int all, int context)
    {
        double count = part < 1 ? Math.Round(part * all, MidpointRounding.AwayFromZero) : (part * context) + 1;
        return count <= all ? (int)count : throw new ExperimentException("data.split", $"parts within the {all} characters of the text", $"{count}");
    }
}
