namespace Pondus.Formats.Flax;

/// <summary>An open file of Flax: its arrays by the keys that lead to them, joined by slashes; numbers and texts as metadata.</summary>
public sealed class FlaxFile : WeightFile
{
    private readonly RandomAccessFile _file;

    private FlaxFile(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        FlaxReader reader = new(file);
        Entries = reader.Entries;
        Metadata = reader.Texts;
        Remarks = reader.Remarks;
    }

    /// <inheritdoc/>
    public override string Format => "msgpack";

    /// <summary>Opens a file and checks its structure.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new FlaxFile Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "a msgpack file of Flax");
        try
        {
            return new FlaxFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();
}
