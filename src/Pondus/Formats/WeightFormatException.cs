namespace Pondus.Formats;

/// <summary>A weights file breaks a rule of its format.</summary>
/// <param name="path">The file.</param>
/// <param name="offset">Offset in the file, in bytes, where the rule is broken.</param>
/// <param name="message">Which tensor, what was expected, what was found, and the cure when it is known.</param>
public sealed class WeightFormatException(string path, long offset, string message)
    : FormatException($"{path} at byte {offset}: {message}")
{
    /// <summary>Gets the file.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the offset in the file, in bytes, where the rule is broken.</summary>
    public long Offset { get; } = offset;
}
