using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Makes tensors that are computed when they are read; at most the last two computed are kept.</summary>
internal static class ComputedEntry
{
    /// <summary>Makes an entry whose bytes are computed as a whole, once for a row of readings.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dataType">Its element type.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="compute">Computes all bytes.</param>
    public static WeightEntry Of(string name, string dataType, ReadOnlySpan<long> shape, Func<byte[]> compute)
    {
        WeightLayout layout = WeightTypes.Layout(dataType) ?? throw new NotSupportedException($"Tensor '{name}': expected a type whose elements have a known size, got {dataType}.");
        if (!WeightTypes.TryCountBytes(layout, shape, out long bytes) || bytes > Array.MaxLength)
        {
            throw new NotSupportedException($"Tensor '{name}': expected at most {Array.MaxLength} bytes for work on the tensor as a whole, got {dataType} ({string.Join(", ", shape.ToArray())}).");
        }

        Slot slot = new(compute);
        return new WeightEntry(name, dataType, shape, bytes, slot.Read);
    }

    private sealed class Slot(Func<byte[]> compute)
    {
        // For all entries of a thread: files are written one tensor after the other, and compared two at a time.
        [ThreadStatic]
        private static (Slot Owner, byte[] Bytes)? s_last;

        [ThreadStatic]
        private static (Slot Owner, byte[] Bytes)? s_before;

        public void Read(long offset, Span<byte> destination)
        {
            byte[] bytes = s_last is { } last && ReferenceEquals(last.Owner, this) ? last.Bytes
                : s_before is { } before && ReferenceEquals(before.Owner, this) ? before.Bytes
                : Compute();
            bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
            if (offset + destination.Length == bytes.Length)
            {
                Forget();
            }
        }

        private byte[] Compute()
        {
            s_before = s_last;
            s_last = null;
            byte[] bytes = compute();
            s_last = (this, bytes);
            return bytes;
        }

        private void Forget()
        {
            s_last = s_last is { } last && ReferenceEquals(last.Owner, this) ? null : s_last;
            s_before = s_before is { } before && ReferenceEquals(before.Owner, this) ? null : s_before;
        }
    }
}
