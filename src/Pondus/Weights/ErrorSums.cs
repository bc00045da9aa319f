using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Adds up what an operation did to tensors, for one of them or for all.</summary>
internal sealed class ErrorSums
{
    private readonly DifferenceSums _sums = new();
    private long _zerosBefore, _zerosAfter, _overflows, _underflows, _bytesBefore, _bytesAfter, _same;

    /// <summary>Adds a tensor and what became of it.</summary>
    public void Add(WeightEntry before, WeightEntry after)
    {
        if (before.Count != after.Count)
        {
            throw new ArgumentException($"Tensor '{after.Name}': expected {before.Count} elements as before, got {after.Count}.", nameof(after));
        }

        _bytesBefore += before.ByteCount;
        _bytesAfter += after.ByteCount;
        double largest = before.DataType == after.DataType ? double.PositiveInfinity : Largest(after.DataType);
        double[] partBefore = new double[Math.Min(before.Count, WeightValues.PartElements)], partAfter = new double[partBefore.Length];
        for (long at = 0; at < before.Count; at += partBefore.Length)
        {
            int count = (int)Math.Min(partBefore.Length, before.Count - at);
            Span<double> x = partBefore.AsSpan(0, count), y = partAfter.AsSpan(0, count);
            WeightValues.Read(before, at, x);
            WeightValues.Read(after, at, y);
            Add(x, y, largest);
        }
    }

    public TensorError ToError(string name, string from, string to) => new()
    {
        Name = name,
        From = from,
        To = to,
        Count = _sums.Count,
        BytesBefore = _bytesBefore,
        BytesAfter = _bytesAfter,
        Max = _sums.Max,
        Mean = _sums.Mean ?? 0,
        Relative = _sums.Relative,
        SignalToNoise = _sums.SignalToNoise,
        Cosine = _sums.Cosine,
        SparsityBefore = _sums.Count == 0 ? 0 : (double)_zerosBefore / _sums.Count,
        SparsityAfter = _sums.Count == 0 ? 0 : (double)_zerosAfter / _sums.Count,
        Overflows = _overflows,
        Underflows = _underflows,
        IsLossless = _same == _sums.Count,
    };

    private void Add(ReadOnlySpan<double> before, ReadOnlySpan<double> after, double largest)
    {
        _sums.Add(before, after);
        for (int i = 0; i < before.Length; i++)
        {
            double x = before[i], y = after[i];
            _zerosBefore += x == 0 ? 1 : 0;
            _zerosAfter += y == 0 ? 1 : 0;
            _underflows += x != 0 && y == 0 ? 1 : 0;
            _overflows += (double.IsFinite(x) && !double.IsFinite(y)) || (double.IsNaN(x) && !double.IsNaN(y)) || (Math.Abs(x) > largest && x != y) ? 1 : 0;
        }

        _same = _sums.EqualCount;
    }

    // What a value far too large becomes is the largest of a type that saturates; the others show overflow by not being finite.
    private static double Largest(string dataType)
    {
        if (WeightTypes.Layout(dataType) is not { Elements: 1 } layout || !WeightEncoding.CanEncode(dataType) || dataType is "bool")
        {
            return double.PositiveInfinity;
        }

        byte[] bytes = new byte[layout.Bytes];
        WeightEncoding.Encode(dataType, [(double)float.MaxValue], bytes);
        double[] value = new double[1];
        WeightValues.Read(new WeightEntry("largest", dataType, [1], bytes), 0, value);
        return double.IsFinite(value[0]) && value[0] < float.MaxValue ? value[0] : double.PositiveInfinity;
    }
}
