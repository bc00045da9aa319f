using Pondus.Formats.Archives;

namespace Pondus.Formats.Numpy;

/// <summary>An open .npz archive: a tensor for each member whose name ends in .npy.</summary>
/// <remarks>What is no array of numbers is left out with a remark. Compressed members are inflated when they are read.</remarks>
public sealed class NpzFile : WeightFile
{
    private const string Ending = ".npy";

    private readonly RandomAccessFile _file;

    private NpzFile(RandomAccessFile file)
        : base(file.Path)
    {
        _file = file;
        ZipIndex archive = new(file);
        List<WeightEntry> entries = [];
        List<WeightRemark> remarks = [];
        foreach (ZipMember member in archive.Members)
        {
            string name = member.Name.EndsWith(Ending, StringComparison.Ordinal) ? member.Name[..^Ending.Length] : member.Name;
            try
            {
                NpyArray.Add(entries, remarks, name, archive.Reader(member), member.ByteCount);
            }
            catch (NpyException error)
            {
                // An array that breaks a rule is refused; what never was one is passed over.
                WeightRemarkKind kind = name.Length == member.Name.Length && error.Kind == WeightRemarkKind.Refused ? WeightRemarkKind.Skipped : error.Kind;
                remarks.Add(new WeightRemark(kind, name, $"Member '{member.Name}' at byte {member.DataOffset}: {error.Message}"));
            }
        }

        CheckNames(entries);
        Entries = entries;
        Remarks = remarks;
    }

    /// <inheritdoc/>
    public override string Format => "npz";

    /// <summary>Opens an archive and checks the head of each array.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The archive breaks a rule.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new NpzFile Open(string path)
    {
        RandomAccessFile file = RandomAccessFile.Open(path, "an .npz archive");
        try
        {
            return new NpzFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _file.Dispose();

    // 'a' and 'a.npy' may both be members, and a field may have the name of another member.
    private void CheckNames(List<WeightEntry> entries)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (WeightEntry entry in entries)
        {
            if (!names.Add(entry.Name))
            {
                throw new WeightFormatException(Path, 0, $"expected each name once, got '{entry.Name}' twice.");
            }
        }
    }
}
