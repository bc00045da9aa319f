using Pondus.Formats;
using Pondus.Formats.Safetensors;

namespace Pondus.Tests.WeightFiles;

/// <summary>Small weights files in a folder that is gone after the test.</summary>
internal sealed class WeightSamples : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pondus-weights-");
    private readonly List<WeightFile> _open = [];

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a safetensors file, and opens it.</summary>
    public WeightFile Write(string name, params WeightEntry[] entries) => Write(name, new Dictionary<string, string>(), entries);

    public WeightFile Write(string name, Dictionary<string, string> metadata, params WeightEntry[] entries)
    {
        SafetensorsWriter.Save(At(name), entries, metadata);
        return Open(name);
    }

    public WeightFile Open(string name)
    {
        WeightFile file = WeightFile.Open(At(name));
        _open.Add(file);
        return file;
    }

    public void Dispose()
    {
        _open.ForEach(static file => file.Dispose());
        _folder.Delete(recursive: true);
    }

    public static WeightEntry Of(string name, int[] shape, params float[] values) => WeightEntry.OfSingle(name, shape, values);

    /// <summary>Normal values that depend on the name and the seed alone.</summary>
    public static WeightEntry Random(string name, int[] shape, ulong seed = 1)
    {
        RandomSource random = new RandomSource(seed).Stream(name);
        return Of(name, shape, [.. Enumerable.Range(0, shape.Aggregate(1, static (product, size) => product * size)).Select(_ => random.NextNormal())]);
    }

    public static WeightEntry Int64(string name, params long[] values) => new(name, "int64", [values.Length], values.SelectMany(BitConverter.GetBytes).ToArray());

    /// <summary>The same values changed by a function.</summary>
    public static WeightEntry Map(WeightEntry entry, Func<float, int, float> change) =>
        Of(entry.Name, [.. entry.Shape.ToArray().Select(static size => (int)size)], [.. entry.ReadSingle().Select(change)]);
}
