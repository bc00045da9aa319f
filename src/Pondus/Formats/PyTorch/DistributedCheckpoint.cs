using Pondus.Formats.Archives;

namespace Pondus.Formats.PyTorch;

/// <summary>A folder of torch.distributed.checkpoint: a pickle of names and places, and files of small archives, one for each chunk.</summary>
/// <remarks>Source: torch/distributed/checkpoint/metadata.py and filesystem.py of PyTorch 2.13.</remarks>
internal sealed class DistributedCheckpoint
{
    /// <summary>The file that says where everything is.</summary>
    internal const string MetadataFile = ".metadata";

    private const int MostChunks = 4096;
    private const int MostPickleBytes = 1 << 28;
    private readonly string _folder;
    private readonly TorchContent _content;
    private readonly Dictionary<string, RandomAccessFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Place), PickleObject> _places = [];
    private long _bytesLeft;

    private DistributedCheckpoint(string folder, TorchContent content)
    {
        _folder = folder;
        _content = content;
    }

    /// <summary>Reads a checkpoint.</summary>
    internal static void Read(string folder, TorchContent content) => new DistributedCheckpoint(folder, content).Read();

    private static string Place(object? offsets) => offsets is PickleSequence sequence && TorchConstructors.Sizes(sequence) is { } sizes ? string.Join(',', sizes) : "-";

    private void Read()
    {
        string path = Path.Combine(_folder, MetadataFile);
        using RandomAccessFile file = RandomAccessFile.Open(path, "the table of a distributed checkpoint");
        if (file.Length > MostPickleBytes)
        {
            throw new WeightFormatException(path, 0, $"expected a table of at most {MostPickleBytes} bytes, got {file.Length}.");
        }

        PickleInput input = new((offset, destination) => file.Read(offset, destination), file.Length, 0, path);
        object? table = PickleMachine.Read(input, _content.Report);
        if (table is not PickleObject { Type.Name: "torch.distributed.checkpoint.metadata.Metadata" } metadata
            || metadata.Field("state_dict_metadata") is not PickleMap names || metadata.Field("storage_data") is not PickleMap places)
        {
            _content.Report.ThrowOnThreat(path);
            throw new WeightFormatException(path, 0, "expected the table of a distributed checkpoint, got another pickle.");
        }

        long bytes = file.Length + new DirectoryInfo(_folder).EnumerateFiles().Sum(static one => one.Length);
        // Each part of a file belongs to one item: many names of one part are how a small folder would take long to read.
        _bytesLeft = 2 * bytes;
        _content.Begin(path, bytes);
        foreach ((object? key, object? value) in places.Items)
        {
            if (key is PickleObject index && value is PickleObject place && index.Field("fqn") is string name)
            {
                _places.TryAdd((name, Place(index.Field("offset"))), place);
            }
        }

        foreach ((object? key, object? value) in names.Items)
        {
            if (key is string name && value is PickleObject item)
            {
                AddItem(name, item);
            }
        }
    }

    private void AddItem(string name, PickleObject item)
    {
        if (item.Field("size") is not PickleSequence size || TorchConstructors.Sizes(size) is not { } shape || item.Field("chunks") is not PickleSequence chunks)
        {
            if (Open(name, "-") is { } part)
            {
                _content.Add(name, TorchArchive.ReadValue(part, new ZipIndex(part), _content.Report, _content.Entries), part.Start);
            }

            return;
        }

        if (chunks.Items.Count > MostChunks)
        {
            _content.Entries.Remark(WeightRemarkKind.Refused, name, $"expected at most {MostChunks} chunks, got {chunks.Items.Count}.");
            return;
        }

        List<TensorChunk> parts = [];
        foreach (PickleObject chunk in chunks.Items.OfType<PickleObject>())
        {
            if (chunk.Field("offsets") is not PickleSequence at || TorchConstructors.Sizes(at) is not { } offsets || Open(name, Place(at)) is not { } part)
            {
                return;
            }

            if (TorchArchive.ReadValue(part, new ZipIndex(part), _content.Report, _content.Entries) is not TorchTensor tensor)
            {
                throw Error(part.Start, $"tensor '{name}': expected a tensor in its place, got another value.");
            }

            if (offsets.All(static offset => offset == 0) && tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                _content.Entries.AddTensor(name, tensor);
                return;
            }

            if (_content.Entries.Locate(name, tensor) is not { } located)
            {
                return;
            }

            parts.Add(new TensorChunk(offsets, tensor.Shape, located.Window, new StridedReader(located.Storage, located.Window).Read));
        }

        _content.Entries.Add(0, ChunkedTensor.Create(name, shape, parts) ?? throw Error(0, $"tensor '{name}': expected chunks that cover ({string.Join(", ", shape)}) once, got others."));
    }

    private RandomAccessFile? Open(string name, string place)
    {
        if (!_places.TryGetValue((name, place), out PickleObject? info) || info.Field("relative_path") is not string relative
            || info.Field("offset") is not long offset || info.Field("length") is not long length)
        {
            throw Error(0, $"'{name}': expected a place in a file, got none.");
        }

        if (info.Field("transform_descriptors") is not null)
        {
            _content.Entries.Remark(WeightRemarkKind.Refused, name, "its bytes were transformed when they were written, which is not undone here.");
            return null;
        }

        _bytesLeft -= Math.Max(0, length);
        if (_bytesLeft < 0)
        {
            throw Error(0, $"'{name}': expected each part of the files once, got some again and again.");
        }

        return File(relative).Slice(offset, length, $"'{name}'");
    }

    private RandomAccessFile File(string relative)
    {
        if (_files.TryGetValue(relative, out RandomAccessFile? file))
        {
            return file;
        }

        string path = Path.Combine(_folder, relative);
        if (relative.Length == 0 || relative != Path.GetFileName(relative) || relative is "." or ".." || relative.Contains('\\', StringComparison.Ordinal))
        {
            throw Error(0, $"expected the name of a file in the folder, got '{relative}'. Nothing outside of the folder is opened.");
        }

        if (new FileInfo(path).LinkTarget is not null)
        {
            throw Error(0, $"expected a file in the folder, got '{relative}', which is a link. Nothing outside of the folder is opened.");
        }

        file = RandomAccessFile.Open(path, $"a part of the checkpoint {_folder}");
        _content.Files.Add(file);
        _files.Add(relative, file);
        return file;
    }

    private WeightFormatException Error(long offset, string message) => new(Path.Combine(_folder, MetadataFile), offset, message);
}
