namespace Pondus.Formats;

/// <summary>An open file of weights, of whatever format: its table is checked, its tensors are read when asked for.</summary>
/// <remarks>Nothing in a file is run. Reading is safe from any number of threads.</remarks>
/// <example><code>
/// using WeightFile file = WeightFile.Open("model.gguf");
/// foreach (WeightEntry entry in file.Entries)
/// {
///     Console.WriteLine(entry);
/// }
/// </code></example>
public abstract class WeightFile : IDisposable
{
    private Dictionary<string, WeightEntry>? _byName;

    /// <summary>Makes an open file.</summary>
    /// <param name="path">The path as it was given.</param>
    protected WeightFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>Gets the path as it was given.</summary>
    public string Path { get; }

    /// <summary>Gets the name of the format, such as <c>safetensors</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Gets the tensors in the order of the file; no two have one name.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; protected init; } = [];

    /// <summary>Gets what the file says about itself, as texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; protected init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets what the reader found beside the tensors.</summary>
    public IReadOnlyList<WeightRemark> Remarks { get; protected init; } = [];

    /// <summary>Opens a file of any known format; its content decides which, not its name.</summary>
    /// <param name="path">The file, or the folder of a checkpoint that is one.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule of its format, or is of none; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static WeightFile Open(string path) => WeightFormats.Detect(path).Open(path);

    /// <summary>Finds a tensor by name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The tensor, or null.</returns>
    public WeightEntry? Find(string name)
    {
        _byName ??= Entries.ToDictionary(static entry => entry.Name, StringComparer.Ordinal);
        return _byName.GetValueOrDefault(name);
    }

    /// <summary>Reads a tensor's values as float32.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new array, row-major.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="NotSupportedException">Its type has no real values.</exception>
    public float[] ReadSingle(string name)
    {
        WeightEntry entry = Find(name)
            ?? throw new KeyNotFoundException($"{Path}: expected a tensor '{name}', got {Entries.Count} others.");
        return entry.ReadSingle();
    }

    /// <summary>Closes the file; its entries cannot be read afterwards.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the file holds open.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
