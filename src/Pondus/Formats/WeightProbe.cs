using Pondus.Formats.Archives;

namespace Pondus.Formats;

/// <summary>What formats look at to recognize a file: its first bytes, and the names inside when it is an archive.</summary>
public sealed class WeightProbe
{
    private const int HeadBytes = 4096;

    private WeightProbe(string path, bool isFolder, long length, byte[] head, IReadOnlyList<string> members)
    {
        Path = path;
        IsFolder = isFolder;
        Length = length;
        Head = head;
        Members = members;
    }

    /// <summary>Gets the path as it was given.</summary>
    public string Path { get; }

    /// <summary>Gets whether it is a folder.</summary>
    public bool IsFolder { get; }

    /// <summary>Gets the number of bytes; 0 for a folder.</summary>
    public long Length { get; }

    /// <summary>Gets the first bytes, at most 4,096.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Gets the names of the members when it is a zip archive, else none.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>Says whether the content begins with some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>True if so.</returns>
    public bool StartsWith(ReadOnlySpan<byte> bytes) => Head.Span.StartsWith(bytes);

    internal static WeightProbe Of(string path)
    {
        if (Directory.Exists(path))
        {
            return new WeightProbe(path, isFolder: true, 0, [], []);
        }

        using RandomAccessFile file = RandomAccessFile.Open(path, "a weights file");
        byte[] head = file.ReadBytes(0, Math.Min(HeadBytes, file.Length), "its beginning");
        IReadOnlyList<string> members = head.AsSpan().StartsWith("PK\u0003\u0004"u8) || head.AsSpan().StartsWith("PK\u0005\u0006"u8)
            ? [.. new ZipIndex(file).Members.Select(static member => member.Name)]
            : [];
        return new WeightProbe(path, isFolder: false, file.Length, head, members);
    }
}
