using System.Globalization;

namespace Pondus.Formats.Flax;

/// <summary>Writes files of Flax, byte for byte as <c>flax.serialization.to_bytes</c> does.</summary>
public static class FlaxWriter
{
    private const int ArrayExtension = 1;
    private const long MaxChunkBytes = 1L << 30;

    /// <summary>Writes tensors to a file, in one step: an existing file is replaced whole or not at all.</summary>
    /// <remarks>Names are split at slashes: each part is a key of a map. Arrays beyond 1 GiB are split.</remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, one is named like a map of others, or a type is not of the format.</exception>
    /// <exception cref="IOException">The disk is full, or the folder is missing or not writable.</exception>
    public static void Save(string path, IEnumerable<WeightEntry> entries) => Save(path, entries, MaxChunkBytes);

    internal static void Save(string path, IEnumerable<WeightEntry> entries, long maxChunkBytes)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<WeightEntry> list = [.. entries];
        WriterChecks.Require(path, list, static entry => Holds(entry.DataType) ? NameProblem(entry.Name) : $"expected a type of whole bytes that NumPy knows, got {entry.DataType}");
        Branch root = new();
        list.ForEach(entry => Add(path, root, entry));

        AtomicFile.Write(path, stream => WriteBranch(stream, root, maxChunkBytes));
    }

    internal static bool Holds(string dataType) => WeightTypes.Layout(dataType) is { Elements: 1 } && dataType is not "complex32";

    private static string? NameProblem(string name)
    {
        const int deepest = 60, longest = 4000;
        string[] keys = name.Split('/');
        return keys.Length > deepest || name.Length > longest || keys[0] is FlaxReader.ChunkedKey or "" || name.AsSpan().ContainsAnyInRange('\0', '\b')
            ? $"expected a name of at most {deepest} parts and {longest} characters, none of them a control character, got another"
            : null;
    }

    private static void Add(string path, Branch root, WeightEntry entry)
    {
        Branch branch = root;
        foreach (string key in entry.Name.Split('/'))
        {
            if (!branch.Children.TryGetValue(key, out Branch? child))
            {
                child = new Branch();
                branch.Children.Add(key, child);
                branch.Keys.Add(key);
            }

            branch = branch.Entry is null ? child : throw Clash(path, entry);
        }

        branch.Entry = branch.Entry is null && branch.Keys.Count == 0 ? entry : throw Clash(path, entry);
    }

    private static ArgumentException Clash(string path, WeightEntry entry) =>
        new($"{path}: tensor '{entry.Name}': expected each name once, and no name that is the beginning of another, got both.", nameof(entry));

    private static void WriteBranch(Stream stream, Branch branch, long maxChunkBytes)
    {
        if (branch.Entry is not null)
        {
            WriteEntry(stream, branch.Entry, maxChunkBytes);
            return;
        }

        MsgpackWriter.Map(stream, branch.Keys.Count);
        foreach (string key in branch.Keys)
        {
            MsgpackWriter.Text(stream, key);
            WriteBranch(stream, branch.Children[key], maxChunkBytes);
        }
    }

    private static void WriteEntry(Stream stream, WeightEntry entry, long maxChunkBytes)
    {
        if (entry.ByteCount <= maxChunkBytes)
        {
            WriteArray(stream, entry, entry.Shape, 0, entry.ByteCount);
            return;
        }

        long elementBytes = entry.ByteCount / entry.Count, chunkBytes = Math.Max(1, maxChunkBytes / elementBytes) * elementBytes;
        MsgpackWriter.Map(stream, 3);
        MsgpackWriter.Text(stream, FlaxReader.ChunkedKey);
        MsgpackWriter.Truth(stream, value: true);
        MsgpackWriter.Text(stream, "shape");
        MsgpackWriter.Map(stream, entry.Shape.Length);
        for (int axis = 0; axis < entry.Shape.Length; axis++)
        {
            MsgpackWriter.Text(stream, axis.ToString(CultureInfo.InvariantCulture));
            MsgpackWriter.Number(stream, entry.Shape[axis]);
        }

        MsgpackWriter.Text(stream, "chunks");
        MsgpackWriter.Map(stream, (int)((entry.ByteCount + chunkBytes - 1) / chunkBytes));
        for (long offset = 0; offset < entry.ByteCount; offset += chunkBytes)
        {
            long count = Math.Min(chunkBytes, entry.ByteCount - offset);
            MsgpackWriter.Text(stream, (offset / chunkBytes).ToString(CultureInfo.InvariantCulture));
            WriteArray(stream, entry, [count / elementBytes], offset, count);
        }
    }

    private static void WriteArray(Stream stream, WeightEntry entry, ReadOnlySpan<long> shape, long offset, long count)
    {
        const int partBytes = 1 << 18;
        // The size of the whole comes first, so the head is made in memory.
        using MemoryStream head = new();
        MsgpackWriter.Array(head, 3);
        MsgpackWriter.Array(head, shape.Length);
        foreach (long size in shape)
        {
            MsgpackWriter.Number(head, size);
        }

        MsgpackWriter.Text(head, entry.DataType);
        MsgpackWriter.Bytes(head, count);
        MsgpackWriter.Extension(stream, ArrayExtension, head.Length + count);
        head.WriteTo(stream);
        byte[] part = new byte[Math.Min(partBytes, count)];
        for (long end = offset + count; offset < end; offset += part.Length)
        {
            Span<byte> bytes = part.AsSpan(0, (int)Math.Min(part.Length, end - offset));
            entry.Read(offset, bytes);
            stream.Write(bytes);
        }
    }

    private sealed class Branch
    {
        public WeightEntry? Entry { get; set; }

        public Dictionary<string, Branch> Children { get; } = new(StringComparer.Ordinal);

        // A dictionary's order is not promised.
        public List<string> Keys { get; } = [];
    }
}
