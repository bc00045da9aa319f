using System.Text.Json;
using Pondus.Formats.Archives;

namespace Pondus.Formats.PyTorch;

/// <summary>The zip form of torch.save, and TorchScript archives: a pickle and a member for each storage.</summary>
internal static class TorchArchive
{
    /// <summary>The member in which Pondus keeps metadata; PyTorch passes over it.</summary>
    internal const string MetadataMember = "extra/metadata.json";

    /// <summary>A pickle that describes tensors is small; what is larger is none.</summary>
    private const int MostPickleBytes = 1 << 28;

    private const int MostTextBytes = 1 << 24;

    /// <summary>Finds the folder in the archive that holds <c>data.pkl</c>, with its slash; null when there is none.</summary>
    internal static string? Folder(IEnumerable<string> members)
    {
        const string pickle = "data.pkl";
        string? name = members.FirstOrDefault(static member => member == pickle || (member.EndsWith("/" + pickle, StringComparison.Ordinal) && member.IndexOf('/') == member.Length - pickle.Length - 1));
        return name?[..^pickle.Length];
    }

    /// <summary>Reads an archive.</summary>
    internal static void Read(RandomAccessFile file, ZipIndex zip, TorchContent content)
    {
        content.Begin(file.Path, file.Length);
        string folder = Folder(zip.Members.Select(static member => member.Name))
            ?? throw new WeightFormatException(file.Path, file.Start, "expected data.pkl in the archive, got none. This is no PyTorch file.");
        AddPickle(file, zip, folder, "data", "", content);
        if (zip.Find(folder + "constants.pkl") is not null)
        {
            content.Entries.Remark(WeightRemarkKind.Note, "code/", "a TorchScript archive: the code in it was not looked at.");
            AddPickle(file, zip, folder, "constants", "constants", content);
        }

        ReadMetadata(file, zip, folder, content);
    }

    /// <summary>Reads a pickle of an archive and gives the value that it describes, for archives of one tensor or number.</summary>
    internal static object? ReadValue(RandomAccessFile file, ZipIndex zip, PickleReport report, TorchEntries entries)
    {
        string folder = Folder(zip.Members.Select(static member => member.Name))
            ?? throw new WeightFormatException(file.Path, file.Start, "expected data.pkl in the archive, got none.");
        entries.Find = Storages(file, zip, folder + "data/", entries.Cache);
        return PickleMachine.Read(Input(file, zip, zip.Find(folder + "data.pkl")!), report);
    }

    /// <summary>Gives the storages that lie as members in a folder of the archive.</summary>
    internal static Func<TorchStorage, StorageBytes?> Storages(RandomAccessFile file, ZipIndex zip, string folder, StorageCache cache)
    {
        bool isBigEndian = ReadText(zip, zip.Members.FirstOrDefault(static member => member.Name == "byteorder" || member.Name.EndsWith("/byteorder", StringComparison.Ordinal))) == "big";
        Dictionary<string, StorageBytes> known = new(StringComparer.Ordinal);
        return reference =>
        {
            if (!known.TryGetValue(reference.Key, out StorageBytes? storage) && zip.Find(folder + reference.Key) is { } member)
            {
                storage = new StorageBytes(Reader(file, zip, member, cache), member.ByteCount, isBigEndian, file.Start + member.DataOffset, cache);
                known.Add(reference.Key, storage);
            }

            return storage;
        };
    }

    // PyTorch stores its members as they are. One that somebody compressed is inflated whole, since tensors begin anywhere in it.
    private static WeightBytesReader Reader(RandomAccessFile file, ZipIndex zip, ZipMember member, StorageCache cache)
    {
        if (!member.IsDeflated)
        {
            return zip.Reader(member);
        }

        const int most = 1 << 28;
        return member.ByteCount <= most
            ? (offset, destination) => cache.Get(member, 0, () => zip.ReadAll(member, most)).AsSpan((int)offset, destination.Length).CopyTo(destination)
            : throw new WeightFormatException(file.Path, file.Start + member.DataOffset, $"member '{member.Name}': expected it stored, or compressed from at most {most} bytes, got {member.ByteCount}.");
    }

    private static void AddPickle(RandomAccessFile file, ZipIndex zip, string folder, string part, string name, TorchContent content)
    {
        ZipMember member = zip.Find($"{folder}{part}.pkl")!;
        content.Entries.Find = Storages(file, zip, $"{folder}{part}/", content.Entries.Cache);
        content.Add(name, PickleMachine.Read(Input(file, zip, member), content.Report), file.Start + member.DataOffset);
    }

    private static PickleInput Input(RandomAccessFile file, ZipIndex zip, ZipMember member) => member.ByteCount <= MostPickleBytes
        ? new PickleInput(zip.Reader(member), member.ByteCount, file.Start + member.DataOffset, file.Path)
        : throw new WeightFormatException(file.Path, file.Start + member.DataOffset, $"member '{member.Name}': expected a pickle of at most {MostPickleBytes} bytes, got {member.ByteCount}.");

    private static void ReadMetadata(RandomAccessFile file, ZipIndex zip, string folder, TorchContent content)
    {
        if (zip.Find(folder + MetadataMember) is not { } member || ReadText(zip, member) is not { } text)
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                content.Metadata[property.Name] = property.Value.GetString() ?? "";
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            content.Entries.Remark(WeightRemarkKind.Skipped, MetadataMember, $"expected an object of texts, got other content at byte {file.Start + member.DataOffset}.");
        }
    }

    private static string? ReadText(ZipIndex zip, ZipMember? member) => member is null ? null : System.Text.Encoding.UTF8.GetString(zip.ReadAll(member, MostTextBytes)).Trim();
}
