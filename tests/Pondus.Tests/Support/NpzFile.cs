using Pondus.Formats;

namespace Pondus.Tests.Support;

/// <summary>Arrays of NumPy's archives that hold expected values.</summary>
internal static class NpzFile
{
    /// <summary>Reads one array as single-precision values.</summary>
    public static (int[] Shape, float[] Values) Read(string path, string name)
    {
        using WeightFile file = WeightFile.Open(path);
        WeightEntry entry = file.Find(name) ?? throw new InvalidDataException($"{path}: expected an array {name}, got {string.Join(", ", file.Entries.Select(static e => e.Name))}.");
        return ([.. entry.Shape.ToArray().Select(static size => (int)size)], entry.ReadSingle());
    }
}
