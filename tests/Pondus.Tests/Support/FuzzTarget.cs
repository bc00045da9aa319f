namespace Pondus.Tests.Support;

/// <summary>A reader, and the good files whose damaged copies it is given.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Read">Reads the file or folder at a path; true when nothing of it was refused.</param>
internal sealed record FuzzTarget(string Name, Func<string, bool> Read)
{
    /// <summary>Good files below the folder of test data; the last part may be a pattern. Absent ones are passed over.</summary>
    public string[] Files { get; init; } = [];

    /// <summary>A folder below the folder of test data that is copied whole: in each attempt one file of it is damaged.</summary>
    public string? Folder { get; init; }

    /// <summary>Which files of the folder are used; null for all.</summary>
    public string Pattern { get; init; } = "*";

    /// <summary>What is opened in the folder; empty for the folder itself.</summary>
    public string Opened { get; init; } = string.Empty;

    /// <summary>Good files made by the test itself.</summary>
    public Func<IEnumerable<byte[]>> Made { get; init; } = static () => [];

    /// <summary>The format whose own writer makes a good file where there are no others; null for none.</summary>
    public string? Written { get; init; }
}
