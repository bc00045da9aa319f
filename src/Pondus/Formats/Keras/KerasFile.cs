using System.Text;
using Pondus.Formats.Archives;
using Pondus.Formats.Hdf5;

namespace Pondus.Formats.Keras;

/// <summary>An open file of Keras weights: a whole model, its weights alone, or an index of several files.</summary>
/// <remarks>
/// <para>Tensors have Keras' paths (<c>dense/kernel</c>) where the file tells them, else the paths at which they are stored;
/// <see cref="StoredPath"/> gives those, and <see cref="WeightFile.Find"/> takes names only.</para>
/// <para>Configurations are kept as texts; classes that they name are never made, nor is code in them run.</para>
/// <para>Source: keras/src/saving/saving_lib.py and legacy_h5_format.py of Keras 3.15; see FORMAT.md beside this file.</para>
/// </remarks>
public sealed class KerasFile : WeightFile
{
    internal const string WeightsMember = "model.weights.h5";
    internal const string ConfigMember = "config.json";
    internal const string MetadataMember = "metadata.json";
    private const int MostTextBytes = 1 << 26;
    private const int MostInflatedBytes = 1 << 28;

    private readonly List<RandomAccessFile> _files;
    private readonly Dictionary<string, string> _stored = new(StringComparer.Ordinal);

    private KerasFile(string path, List<RandomAccessFile> files, IReadOnlyList<Hdf5Tree> trees, Dictionary<string, string> metadata)
        : base(path)
    {
        _files = files;
        List<WeightRemark> remarks = [.. trees.SelectMany(static tree => tree.Remarks)];
        KerasNames names = KerasNames.Read(path, trees, metadata);
        foreach ((string key, string value) in names.Metadata)
        {
            metadata[key] = value;
        }

        List<WeightEntry> entries = [];
        foreach ((string name, WeightEntry entry) in names.Tensors)
        {
            _stored[name] = entry.Name;
            entries.Add(string.Equals(name, entry.Name, StringComparison.Ordinal) ? entry : new WeightEntry(name, entry.DataType, entry.Shape, entry.ByteCount, entry.Read));
        }

        string? config = metadata.GetValueOrDefault("config") ?? metadata.GetValueOrDefault("model_config");
        if (config is not null)
        {
            remarks.AddRange(KerasConfig.Remarks(config));
        }

        remarks.AddRange(KerasLayout.Remarks(entries));
        Entries = entries;
        Metadata = metadata;
        Remarks = remarks;
    }

    /// <inheritdoc/>
    public override string Format => "keras";

    /// <summary>Opens a file and reads its tables.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the object.</exception>
    /// <exception cref="IOException">The file, or one that it names, is missing or not readable.</exception>
    public static new KerasFile Open(string path)
    {
        List<RandomAccessFile> files = [RandomAccessFile.Open(path, "a file of Keras weights")];
        try
        {
            RandomAccessFile file = files[0];
            byte[] head = file.ReadBytes(0, Math.Min(sizeof(uint), file.Length), "its beginning");
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            IReadOnlyList<Hdf5Tree> trees = head switch
            {
                [(byte)'P', (byte)'K', ..] => [ReadArchive(file, metadata)],
                [(byte)'{', ..] => KerasShards.Open(file, files, metadata),
                _ => [Hdf5Tree.Read(path, 0, file.Length, file.Read)],
            };
            return new KerasFile(path, files, trees, metadata);
        }
        catch
        {
            files.ForEach(static file => file.Dispose());
            throw;
        }
    }

    /// <summary>Gives the path at which a tensor is stored.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>The path in the HDF5 file, such as <c>layers/dense/vars/0</c>; null when there is no such tensor.</returns>
    public string? StoredPath(string name) => _stored.GetValueOrDefault(name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _files.ForEach(static file => file.Dispose());

    private static Hdf5Tree ReadArchive(RandomAccessFile file, Dictionary<string, string> metadata)
    {
        ZipIndex archive = new(file);
        foreach (ZipMember text in archive.Members.Where(static member => member.Name is ConfigMember or MetadataMember))
        {
            KerasConfig.AddText(metadata, text.Name, Encoding.UTF8.GetString(archive.ReadAll(text, MostTextBytes)));
        }

        ZipMember member = archive.Find(WeightsMember)
            ?? throw new WeightFormatException(file.Path, 0, $"expected a member '{WeightsMember}', got {string.Join(", ", archive.Members.Select(static m => m.Name).Take(10))}.");
        if (!member.IsDeflated)
        {
            return Hdf5Tree.Read(file.Path, member.DataOffset, member.ByteCount, archive.Reader(member));
        }

        // Keras stores it as it is; one that was packed again is small enough to be kept, or has to be unpacked.
        byte[] bytes = archive.ReadAll(member, MostInflatedBytes);
        return Hdf5Tree.Read(file.Path, member.DataOffset, bytes.Length, (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination));
    }
}
