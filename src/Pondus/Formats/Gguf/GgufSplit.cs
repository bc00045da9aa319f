using System.Globalization;

namespace Pondus.Formats.Gguf;

/// <summary>The other parts of a split file: their names follow from the first one's, and they lie beside it.</summary>
internal sealed class GgufSplit
{
    internal const string NumberKey = "split.no";
    internal const string CountKey = "split.count";
    internal const string TensorsKey = "split.tensors.count";

    private readonly string _path;
    private readonly int _count;
    private readonly long? _tensors;
    private readonly bool _isFirst;

    private GgufSplit(string path, int count, bool isFirst, long? tensors)
    {
        _path = path;
        _count = count;
        _isFirst = isFirst;
        _tensors = tensors;
    }

    /// <summary>Gives the name of a part, as <c>x-00002-of-00003.gguf</c>.</summary>
    internal static string NameOf(string stem, int number, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{stem}-{number:D5}-of-{count:D5}.gguf");

    /// <summary>Gives the split that a part belongs to, or null for a whole file.</summary>
    internal static GgufSplit? Of(string path, GgufPart part)
    {
        long count = Whole(path, part, CountKey) ?? 1, number = Whole(path, part, NumberKey) ?? 0;
        return count switch
        {
            <= 1 => null,
            > 99_999 => throw new WeightFormatException(path, 0, $"'{CountKey}': expected at most 99999 parts, got {count}."),
            _ => new GgufSplit(path, (int)count, number == 0, Whole(path, part, TensorsKey)),
        };
    }

    /// <summary>Opens the parts behind the first and adds what they hold.</summary>
    internal void AddOthers(List<RandomAccessFile> files, List<WeightEntry> entries, List<WeightRemark> remarks)
    {
        string ending = NameOf("", 1, _count);
        if (!_isFirst)
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Note, Path.GetFileName(_path),
                $"one of {_count} parts, so only its tensors are given. Open the first, whose name ends in {ending}, for all."));
            return;
        }

        if (!_path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new WeightFormatException(_path, 0, $"expected the first of {_count} parts to have a name that ends in {ending}, got another, so the others cannot be found. Rename it.");
        }

        HashSet<string> names = new(entries.Select(static entry => entry.Name), StringComparer.Ordinal);
        string stem = _path[..^ending.Length];
        for (int number = 2; number <= _count; number++)
        {
            RandomAccessFile file = OpenPart(NameOf(stem, number, _count));
            files.Add(file);
            GgufPart part = GgufPart.Read(file);
            if (Whole(file.Path, part, NumberKey) != number - 1 || Whole(file.Path, part, CountKey) != _count)
            {
                throw new WeightFormatException(file.Path, 0, $"expected part {number} of {_count}, got another. It belongs to another file.");
            }

            if (part.Entries.Find(entry => !names.Add(entry.Name)) is { } twice)
            {
                throw new WeightFormatException(file.Path, 0, $"expected each tensor once in all parts, got '{twice.Name}' twice.");
            }

            entries.AddRange(part.Entries);
            remarks.AddRange(part.Remarks);
        }

        int refused = remarks.Count(static remark => remark.Kind == WeightRemarkKind.Refused);
        if (_tensors is { } expected && expected != entries.Count + refused)
        {
            throw new WeightFormatException(_path, 0, $"'{TensorsKey}': expected {expected} tensors in {_count} parts, got {entries.Count + refused}.");
        }
    }

    private static long? Whole(string path, GgufPart part, string key)
    {
        if (!part.Values.TryGetValue(key, out GgufValue? value))
        {
            return null;
        }

        try
        {
            return value.AsInt64();
        }
        catch (InvalidOperationException)
        {
            throw new WeightFormatException(path, 0, $"'{key}': expected a whole number, got {value} as {value.Type}.");
        }
    }

    private RandomAccessFile OpenPart(string path)
    {
        if (!File.Exists(path))
        {
            throw new WeightFormatException(_path, 0, $"expected {_count} parts side by side, got no {Path.GetFileName(path)}.");
        }

        return NeighborPath.Resolve(_path, Path.GetFileName(path)) is not null
            ? RandomAccessFile.Open(path, "a part of a GGUF file")
            : throw new WeightFormatException(_path, 0, $"expected {_count} parts side by side, got {Path.GetFileName(path)} as a link to another folder. It was not followed.");
    }
}
