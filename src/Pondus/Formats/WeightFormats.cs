using Pondus.Formats.Flax;
using Pondus.Formats.Gguf;
using Pondus.Formats.Hdf5;
using Pondus.Formats.Keras;
using Pondus.Formats.Numpy;
using Pondus.Formats.Onnx;
using Pondus.Formats.PyTorch;
using Pondus.Formats.Safetensors;
using Pondus.Formats.Sharding;

namespace Pondus.Formats;

/// <summary>The formats that are known, by name.</summary>
public static class WeightFormats
{
    // In the order in which they are asked: those with an unmistakable beginning first.
    private static readonly List<IWeightFormat> s_formats =
    [
        new SafetensorsFormat(),
        new GgufFormat(),
        new ShardedFormat(),
        new NpyFormat(),
        new NpzFormat(),
        new PyTorchFormat(),
        new KerasFormat(),
        new Hdf5Format(),
        new FlaxFormat(),
        new OnnxFormat(),
    ];

    /// <summary>Gets the known formats.</summary>
    public static IReadOnlyList<IWeightFormat> All => s_formats;

    /// <summary>Makes a format of your own known; it is asked before the others.</summary>
    /// <param name="format">The format.</param>
    public static void Add(IWeightFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        s_formats.Insert(0, format);
    }

    /// <summary>Finds a format by name.</summary>
    /// <param name="name">The name, such as <c>safetensors</c>.</param>
    /// <returns>The format, or null.</returns>
    public static IWeightFormat? Find(string name) => s_formats.Find(format => string.Equals(format.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the format that a file name asks for in writing, by its ending.</summary>
    /// <param name="path">The file name.</param>
    /// <returns>The format with the longest ending that fits, or null.</returns>
    public static IWeightFormat? ForWriting(string path) => s_formats
        .Where(static format => format.CanWrite)
        .SelectMany(static format => format.Extensions, static (format, ending) => (Format: format, Ending: ending))
        .Where(pair => path.EndsWith(pair.Ending, StringComparison.OrdinalIgnoreCase))
        .OrderByDescending(static pair => pair.Ending.Length)
        .FirstOrDefault().Format;

    /// <summary>Finds the format of a file by its content.</summary>
    /// <param name="path">The file or folder.</param>
    /// <returns>The format.</returns>
    /// <exception cref="WeightFormatException">The content is of no known format.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static IWeightFormat Detect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WeightProbe probe = WeightProbe.Of(path);
        return s_formats.Find(format => format.Matches(probe))
            ?? throw new WeightFormatException(path, 0,
                $"expected a weights file ({string.Join(", ", s_formats.Select(static format => format.Name))}), got {Describe(probe)}.");
    }

    private static string Describe(WeightProbe probe)
    {
        const int shown = 16;
        if (probe.IsFolder)
        {
            return "a folder that is no checkpoint. Name a file in it";
        }

        return probe.Length == 0 ? "an empty file, a pipe or a device" : $"content of another kind, beginning with {Convert.ToHexStringLower(probe.Head.Span[..Math.Min(shown, probe.Head.Length)])}";
    }
}
