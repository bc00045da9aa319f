namespace Pondus.Formats.Gguf;

/// <summary>An open GGUF file, or all files of one that was split: metadata with their types, and the tensors.</summary>
/// <remarks>
/// <para>Versions 1 to 3, in either byte order. Shapes are given outermost first, although the file has them the other way round.</para>
/// <para>Opening the first part of a split file (<c>x-00001-of-00003.gguf</c>) opens them all; opening another one gives that part alone.</para>
/// <para>Source: ggml's GGUF specification; see FORMAT.md beside this file.</para>
/// </remarks>
/// <example><code>
/// using GgufFile file = GgufFile.Open("model.gguf");
/// long layers = file.Values["llama.block_count"].AsInt64();
/// float[] weights = file.ReadSingle("blk.0.attn_q.weight");
/// </code></example>
public sealed class GgufFile : WeightFile
{
    private readonly List<RandomAccessFile> _files;

    private GgufFile(string path, List<RandomAccessFile> files)
        : base(path)
    {
        _files = files;
        GgufPart first = GgufPart.Read(files[0]);
        Version = first.Version;
        IsBigEndian = first.IsBigEndian;
        Alignment = first.Alignment;
        Values = first.Values;
        List<WeightEntry> entries = first.Entries;
        List<WeightRemark> remarks = first.Remarks;
        if (GgufSplit.Of(path, first) is { } split)
        {
            split.AddOthers(files, entries, remarks);
        }

        Entries = entries;
        Remarks = remarks;
        OrderedDictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string key, GgufValue value) in Values)
        {
            texts.Add(key, value.ToString());
        }

        Metadata = texts;
    }

    /// <inheritdoc/>
    public override string Format => "gguf";

    /// <summary>Gets the version of the format: 1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Gets whether the file has its numbers highest byte first; tensors are given little-endian nevertheless.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Gets the bytes whose multiples the tensors begin at.</summary>
    public int Alignment { get; }

    /// <summary>Gets the metadata with their types, in the order of the file; of a split file those of its first part.</summary>
    public IReadOnlyDictionary<string, GgufValue> Values { get; }

    /// <summary>Gets the files that are open: one, or the parts in their order.</summary>
    public IReadOnlyList<string> Parts => _files.ConvertAll(static file => file.Path);

    /// <summary>Opens a file and checks its table of tensors.</summary>
    /// <param name="path">The file; of a split one, its first part.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule, or a part is missing; the message names it, the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new GgufFile Open(string path)
    {
        List<RandomAccessFile> files = [RandomAccessFile.Open(path, "a GGUF file")];
        try
        {
            return new GgufFile(path, files);
        }
        catch
        {
            Close(files);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Close(_files);

    private static void Close(List<RandomAccessFile> files)
    {
        foreach (RandomAccessFile file in files)
        {
            file.Dispose();
        }
    }
}
