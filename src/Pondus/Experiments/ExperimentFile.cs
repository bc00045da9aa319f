using System.Text.Json;
using System.Text.Json.Nodes;
using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Reads experiment files: JSON, with comments and trailing commas allowed.</summary>
public static class ExperimentFile
{
    private const int LargestFileBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file; relative paths in it start from its folder.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ExperimentException">The file cannot be read, is not JSON, or a setting is unknown, missing or out of range.</exception>
    public static Experiment Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFileBytes)
            {
                throw new ExperimentException(path, $"expected a file of at most {LargestFileBytes} bytes, got {file.Length}. Is it an experiment?");
            }

            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExperimentException(path, $"expected a readable file, got: {FirstLine(e.Message)}");
        }

        try
        {
            return Parse(text, Path.GetDirectoryName(Path.GetFullPath(path)));
        }
        catch (ExperimentException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="folder">Folder that relative paths start from, or null to leave them as they are.</param>
    /// <returns>The experiment.</returns>
    /// <exception cref="ExperimentException">It is not JSON, or a setting is unknown, missing or out of range.</exception>
    public static Experiment Parse(string text, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        JsonNode? tree;
        try
        {
            tree = JsonText.Parse(text);
        }
        catch (JsonException e)
        {
            // The parser adds its position, counted from 0, in words of its own.
            int position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            string problem = FirstLine(position < 0 ? e.Message : e.Message[..position]);
            string place = e.LineNumber is long line ? $"line {line + 1}, column {(e.BytePositionInLine ?? 0) + 1}" : "experiment";
            throw new ExperimentException(place, $"expected JSON, got: {problem}");
        }

        return Experiment.Read(tree, folder);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
