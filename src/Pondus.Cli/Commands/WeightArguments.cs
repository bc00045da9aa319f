using System.CommandLine;
using Pondus.Data;
using Pondus.Formats;
using Pondus.Runs;
using Pondus.Weights;

namespace Pondus.Cli.Commands;

/// <summary>Arguments of the commands that write weights.</summary>
internal static class WeightArguments
{
    /// <summary>Gets the names of the formats that can be written.</summary>
    public static string Writable => string.Join(", ", WeightFormats.All.Where(static format => format.CanWrite).Select(static format => format.Name));

    public static Option<string?> Format(string name = "--to") => new(name) { Description = "The format to write; without this the ending of the name decides.", HelpName = "format" };

    /// <summary>Opens a weights file, or the weights of a run.</summary>
    public static WeightFile Open(string path) => WeightFile.Open(PathOf(path));

    /// <summary>Gives the weights of a run for its folder; any other path as it is.</summary>
    public static string PathOf(string path)
    {
        if (path.Length == 0)
        {
            throw new UsageException("expected the name of a weights file or the folder of a run, got an empty text.");
        }

        RunFolder run = new(path);
        return Directory.Exists(path) && File.Exists(run.Weights) ? run.Weights : path;
    }

    /// <summary>Finds a format by name.</summary>
    public static IWeightFormat? FormatOf(string? name)
    {
        if (name is null)
        {
            return null;
        }

        IWeightFormat? format = WeightFormats.Find(name);
        return format is { CanWrite: true }
            ? format
            : throw new UsageException($"--to: expected a format that can be written ({Writable}), got '{name}'.{NearestName.Hint(name, WeightFormats.All.Where(static known => known.CanWrite).Select(static known => known.Name))}");
    }

    /// <summary>Gives the full name of a type; the short ones that people use are known.</summary>
    public static string DataType(string name)
    {
        string full = name.ToLowerInvariant() switch
        {
            "f32" or "fp32" or "float" => "float32",
            "f16" or "fp16" or "half" => "float16",
            "bf16" => "bfloat16",
            "f64" or "fp64" or "double" => "float64",
            string other => other,
        };
        return WeightDataTypes.Writable.Contains(full, StringComparer.Ordinal)
            ? full
            : throw new UsageException($"--dtype: expected a type that can be written ({string.Join(", ", WeightDataTypes.Writable)}), got '{name}'.{NearestName.Hint(full, WeightDataTypes.Writable)}");
    }
}
