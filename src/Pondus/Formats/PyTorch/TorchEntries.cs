namespace Pondus.Formats.PyTorch;

/// <summary>Collects the tensors of a file as entries, each checked against the storage that it lies in.</summary>
internal sealed class TorchEntries(string path, long fileBytes)
{
    // Views may repeat a storage, but a small file that claims to be a huge one is refused.
    private const long MostRepeated = 1L << 28;
    private const int MostPerByte = 16;
    private const int MostRemarks = 1000;
    private const int MostEntries = 250_000;
    private const long MostLetters = 40_000_000;

    private readonly List<WeightEntry> _entries = [];
    private readonly List<WeightRemark> _remarks = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<StorageBytes, List<string>> _sharing = new(ReferenceEqualityComparer.Instance);
    private long _bytes;
    private long _letters;

    /// <summary>Gets or sets how a storage is found: null where it is missing.</summary>
    public Func<TorchStorage, StorageBytes?> Find { get; set; } = static _ => null;

    public StorageCache Cache { get; } = new();

    public IReadOnlyList<WeightEntry> Entries => _entries;

    public IReadOnlyList<WeightRemark> Remarks
    {
        get
        {
            List<WeightRemark> remarks = [.. _remarks];
            foreach (List<string> names in _sharing.Values.Where(static names => names.Count > 1))
            {
                const int shown = 3;
                string others = string.Join(", ", names.Skip(1).Take(shown).Select(static name => $"'{name}'")) + (names.Count - 1 > shown ? $" and {names.Count - 1 - shown} more" : "");
                remarks.Add(new WeightRemark(WeightRemarkKind.Note, names[0], $"shares its storage with {others}."));
            }

            return remarks;
        }
    }

    public void Remark(WeightRemarkKind kind, string subject, string message)
    {
        if (_remarks.Count < MostRemarks)
        {
            _remarks.Add(new WeightRemark(kind, subject, message));
        }
    }

    public WeightFormatException Error(long offset, string message) => new(path, offset, message);

    /// <summary>Adds a window on a storage.</summary>
    public void AddTensor(string name, TorchTensor tensor)
    {
        if (Locate(name, tensor) is not { } located)
        {
            return;
        }

        (TensorWindow window, StorageBytes storage) = located;
        string dataType = window.DataType;
        long[] shape = window.Shape;
        if (dataType == "float4_e2m1fn")
        {
            if (shape.Length > 0 && shape[^1] > long.MaxValue / 2)
            {
                throw Error(tensor.Offset, $"tensor '{name}': expected sizes below 2^62 bytes of two values, got ({string.Join(", ", shape)}).");
            }

            // PyTorch counts bytes, of two values each.
            shape = [.. shape.AsSpan(0, Math.Max(0, shape.Length - 1)), shape.Length > 0 ? 2 * shape[^1] : 2];
        }

        if (Add(tensor.Offset, new WeightEntry(name, dataType, shape, window.Count * window.ElementBytes, new StridedReader(storage, window).Read)))
        {
            if (!_sharing.TryGetValue(storage, out List<string>? names))
            {
                _sharing.Add(storage, names = []);
            }

            names.Add(name);
        }
    }

    /// <summary>Adds an array whose bytes lie in the pickle.</summary>
    public void AddArray(string name, NumpyArray array)
    {
        if (array.Type?.DataType is not { } dataType || array.Bytes is not { } bytes)
        {
            Remark(WeightRemarkKind.Refused, name, $"a NumPy array of {array.Type?.Code ?? "no type"}, which is no number.");
            return;
        }

        int size = WeightTypes.Layout(dataType)!.Value.Bytes;
        if (!WeightTypes.TryCountBytes(WeightTypes.Layout(dataType)!.Value, array.Shape, out long expected) || expected != bytes.Length)
        {
            throw Error(array.Offset, $"tensor '{name}': expected the bytes of {dataType} ({string.Join(", ", array.Shape)}), got {bytes.Length}.");
        }

        long[] strides = new long[array.Shape.Length];
        long step = 1;
        for (int i = 0; i < strides.Length; i++)
        {
            int axis = array.IsFortran ? i : strides.Length - 1 - i;
            strides[axis] = step;
            step *= array.Shape[axis];
        }

        StorageBytes storage = new((offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination), bytes.Length, array.Type.IsBigEndian, array.Offset, Cache);
        TorchTensor tensor = new(new TorchStorage("numpy", "", expected / size, 0, expected / size, array.Offset), 0, array.Shape, strides, array.Offset);
        TensorWindow window = TensorWindow.Create(tensor, dataType, size, bytes.Length / size, out string? problem) ?? throw Error(array.Offset, $"tensor '{name}': {problem}");
        Add(array.Offset, new WeightEntry(name, dataType, array.Shape, bytes.Length, new StridedReader(storage, window).Read));
    }

    /// <summary>Adds a sparse or nested tensor, or says that one has no data.</summary>
    public void AddParts(string name, TorchParts parts)
    {
        switch (parts.Kind)
        {
            case "meta":
                Remark(WeightRemarkKind.Refused, name, $"{parts.Type} ({string.Join(", ", parts.Shape!)}) on the meta device: it has no data.");
                break;
            case "nested":
                NestedTensor.Add(this, name, parts);
                break;
            default:
                SparseTensor.Add(this, name, parts);
                break;
        }
    }

    /// <summary>Adds an entry whose reader is ready; false when its name is taken.</summary>
    public bool Add(long offset, WeightEntry entry)
    {
        _bytes += Math.Min(entry.ByteCount, long.MaxValue / 2 - _bytes);
        if (_bytes / MostPerByte > fileBytes + (MostRepeated / MostPerByte))
        {
            throw Error(offset, $"tensor '{entry.Name}': expected tensors of at most {MostPerByte} times the {fileBytes} bytes of the file, got more: views that repeat themselves.");
        }

        _letters += entry.Name.Length;
        if (_entries.Count == MostEntries || _letters > MostLetters)
        {
            throw Error(offset, $"tensor '{entry.Name}': expected at most {MostEntries} tensors and {MostLetters} letters of names, got more.");
        }

        if (!_names.Add(entry.Name))
        {
            Remark(WeightRemarkKind.Refused, entry.Name, "a second tensor of this name was left out.");
            return false;
        }

        _entries.Add(entry);
        return true;
    }

    /// <summary>Finds and checks a window; null, with a remark, for an element type that is not known.</summary>
    public (TensorWindow Window, StorageBytes Storage)? Locate(string name, TorchTensor tensor)
    {
        TorchStorage reference = tensor.Storage;
        (string DataType, int Bytes)? stored = TorchTypes.OfStorage(reference.Class);
        (string DataType, int Bytes)? type = tensor.Type is null ? stored : TorchTypes.OfGlobal(tensor.Type);
        if (stored is null || type is null)
        {
            Remark(WeightRemarkKind.Refused, name, $"expected a known element type, got {tensor.Type ?? reference.Class}.");
            return null;
        }

        StorageBytes storage = Find(reference) ?? throw Error(tensor.Offset, $"tensor '{name}': expected its storage '{reference.Key}' in the file, got none.");
        int unit = stored.Value.Bytes;
        if (reference.Count > long.MaxValue / unit || reference.Count * unit != storage.ByteCount)
        {
            throw Error(storage.Offset, $"tensor '{name}': expected a storage of {reference.Count} elements of {unit} bytes, got {storage.ByteCount} bytes.");
        }

        if (reference.ViewOffset < 0 || reference.ViewCount < 0 || reference.ViewOffset > reference.Count - reference.ViewCount)
        {
            throw Error(reference.Offset, $"tensor '{name}': expected a view within {reference.Count} elements, got {reference.ViewCount} from {reference.ViewOffset}.");
        }

        long elements = reference.ViewCount * unit / type.Value.Bytes;
        if (reference.ViewOffset > 0)
        {
            storage = View(storage, reference.ViewOffset * unit, reference.ViewCount * unit);
        }

        TensorWindow window = TensorWindow.Create(tensor, type.Value.DataType, type.Value.Bytes, elements, out string? problem) ?? throw Error(tensor.Offset, $"tensor '{name}': {problem}");
        return (window, storage);
    }

    private static StorageBytes View(StorageBytes storage, long offset, long count) =>
        storage with { Read = (at, destination) => storage.Read(offset + at, destination), ByteCount = count };
}
