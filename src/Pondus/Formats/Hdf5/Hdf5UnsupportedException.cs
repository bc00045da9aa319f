namespace Pondus.Formats.Hdf5;

/// <summary>One object of a file is of a kind that is not read; the others are.</summary>
/// <param name="message">What was expected and what was found.</param>
internal sealed class Hdf5UnsupportedException(string message) : NotSupportedException(message);
