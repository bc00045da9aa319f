namespace Pondus.Formats.Numpy;

/// <summary>An open .npy file: one tensor, named <c>tensor</c>, or one for each field of a structured type.</summary>
public sealed class NpyFile : WeightFile
{
    /// <summary>The name of the tensor; the file has none.</summary>
    public const string TensorName = "tensor";

    private readonly RandomAccessFile _file;

    private NpyFile(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        List<WeightEntry> entries = [];
        List<WeightRemark> remarks = [];
        try
        {
            NpyArray.Add(entries, remarks, TensorName, file.Read, file.Length);
        }
        catch (NpyException error)
        {
            throw new WeightFormatException(Path, 0, error.Message);
        }

        Entries = entries;
        Remarks = remarks;
    }

    /// <inheritdoc/>
    public override string Format => "npy";

    /// <summary>Opens a file and checks its head.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule, or its elements are no numbers.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new NpyFile Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "an .npy file");
        try
        {
            return new NpyFile(file);
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
