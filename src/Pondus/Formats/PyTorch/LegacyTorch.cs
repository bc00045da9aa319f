using System.Buffers.Binary;
using System.Numerics;

namespace Pondus.Formats.PyTorch;

/// <summary>The form of torch.save before PyTorch 1.6: five pickles (magic number, version, system, content, keys), then the storages.</summary>
internal static class LegacyTorch
{
    private const int Version = 1001;
    private static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Says whether content begins with the magic number, in whatever protocol it was written.</summary>
    internal static bool Matches(ReadOnlySpan<byte> head)
    {
        const int within = 40;
        ReadOnlySpan<byte> start = head[..Math.Min(within, head.Length)];
        return start.IndexOf((ReadOnlySpan<byte>)[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]) >= 0 || start.IndexOf("L119547037146038801333356"u8) >= 0;
    }

    /// <summary>Reads a file.</summary>
    internal static void Read(RandomAccessFile file, TorchContent content)
    {
        content.Begin(file.Path, file.Length);
        PickleInput input = new((offset, destination) => file.Read(offset, destination), file.Length, file.Start, file.Path);
        object? magic = PickleMachine.Read(input, content.Report);
        if (magic is not BigInteger number || number != s_magic)
        {
            content.Report.ThrowOnThreat(file.Path);
            string names = string.Join(", ", content.Report.Globals.Select(static global => global.Name));
            throw new WeightFormatException(file.Path, file.Start, $"expected a file of torch.save, got a bare pickle{(names.Length > 0 ? $" of {names}" : "")}. Nothing of it was run; save its tensors in a format of weights.");
        }

        if (PickleMachine.Read(input, content.Report) is not (long)Version)
        {
            throw input.Error($"expected version {Version} of the older form, got another.");
        }

        PickleMachine.Read(input, content.Report);
        long at = input.FileOffset;
        object? value = PickleMachine.Read(input, content.Report, out List<TorchStorage> references);
        if (PickleMachine.Read(input, content.Report) is not PickleSequence keys)
        {
            throw input.Error("expected the list of the storages' keys, got another value.");
        }

        Dictionary<string, TorchStorage> used = new(StringComparer.Ordinal);
        references.ForEach(reference => used.TryAdd(reference.Key, reference));
        Dictionary<string, StorageBytes> storages = Locate(file, input.Position, keys, used, content);
        content.Entries.Find = reference => storages.GetValueOrDefault(reference.Key);
        content.Add("", value, at);
    }

    // Storages follow each other: a count of elements, then their bytes. How large an element is only the references say.
    private static Dictionary<string, StorageBytes> Locate(RandomAccessFile file, long position, PickleSequence keys, Dictionary<string, TorchStorage> used, TorchContent content)
    {
        Dictionary<string, StorageBytes> storages = new(StringComparer.Ordinal);
        foreach (object? item in keys.Items)
        {
            if (item is not string key || !used.TryGetValue(key, out TorchStorage? reference) || TorchTypes.OfStorage(reference.Class) is not { } type)
            {
                throw new WeightFormatException(file.Path, file.Start + position, $"expected a storage that a tensor of known type refers to, got key '{PickleText.Short(item)}'.");
            }

            byte[] prefix = file.ReadBytes(position, sizeof(long), $"the count of storage '{key}'");
            long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            position += prefix.Length;
            if (count != reference.Count || count > (file.Length - position) / type.Bytes)
            {
                throw new WeightFormatException(file.Path, file.Start + position, $"storage '{key}': expected {reference.Count} elements of {type.Bytes} bytes, got {count} in a file of {file.Length} bytes. The file is cut short or damaged.");
            }

            long start = position;
            storages.TryAdd(key, new StorageBytes((offset, destination) => file.Read(start + offset, destination), count * type.Bytes, IsBigEndian: false, file.Start + start, content.Entries.Cache));
            position += count * type.Bytes;
        }

        return storages;
    }
}
