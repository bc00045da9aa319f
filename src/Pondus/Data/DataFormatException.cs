namespace Pondus.Data;

/// <summary>A data file is not what it should be.</summary>
/// <param name="path">The file.</param>
/// <param name="message">Follows the path: where in the file (or a colon), what was expected, what was found, and the cure when it is known.</param>
/// <param name="cause">The error underneath, or null.</param>
public sealed class DataFormatException(string path, string message, Exception? cause = null)
    : FormatException($"{path}{message}", cause)
{
    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;
}
