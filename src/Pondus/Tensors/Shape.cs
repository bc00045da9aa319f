using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pondus;

/// <summary>The sizes of a tensor's axes, outermost first; an empty shape is a single number.</summary>
/// <remarks>A value of at most <see cref="MaxRank"/> axes: no memory is allocated to pass one.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest number of axes.</summary>
    public const int MaxRank = 8;

    private readonly Sizes _sizes;
    private readonly int _count;

    /// <summary>Makes a shape.</summary>
    /// <param name="sizes">Sizes, outermost first, none negative.</param>
    /// <exception cref="ShapeException">A size is negative, there are more than eight, or the count overflows.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
        {
            throw new ShapeException($"Shape: expected at most {MaxRank} axes, got {sizes.Length}.");
        }

        long count = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] < 0)
            {
                throw new ShapeException($"Shape: expected sizes of at least 0, got {sizes[i]} at axis {i}.");
            }

            _sizes[i] = sizes[i];
            count *= sizes[i];
            if (count > Array.MaxLength)
            {
                throw new ShapeException($"Shape: expected at most {Array.MaxLength} values, got ({string.Join(", ", sizes.ToArray())}).");
            }
        }

        Rank = sizes.Length;
        _count = (int)count;
    }

    /// <summary>Gets the number of axes.</summary>
    public int Rank { get; }

    /// <summary>Gets the number of values: the product of the sizes, 1 for an empty shape.</summary>
    public int Count => Rank == 0 ? 1 : _count;

    /// <summary>Gets the size of the last axis, 1 when there is none.</summary>
    public int Last => Rank == 0 ? 1 : _sizes[Rank - 1];

    /// <summary>Gets the size of an axis.</summary>
    /// <param name="axis">Index from the front, or from the back as <c>^1</c>.</param>
    public int this[Index axis] => this[axis.GetOffset(Rank)];

    /// <summary>Gets the size of an axis.</summary>
    /// <param name="axis">Index from the front.</param>
    public int this[int axis]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)axis, (uint)Rank, nameof(axis));
            return _sizes[axis];
        }
    }

    /// <summary>Compares two shapes.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(in Shape left, in Shape right) => left.AsSpan().SequenceEqual(right.AsSpan());

    /// <summary>Compares two shapes.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(in Shape left, in Shape right) => !(left == right);

    /// <summary>Makes a shape from a collection expression such as <c>[32, 10]</c>.</summary>
    /// <param name="sizes">Sizes, outermost first.</param>
    /// <returns>The shape.</returns>
    public static Shape Create(ReadOnlySpan<int> sizes) => new(sizes);

    /// <summary>Gives the sizes one by one.</summary>
    /// <returns>An enumerator over the sizes.</returns>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)ToArray()).GetEnumerator();

    /// <summary>Copies the sizes.</summary>
    /// <returns>A new array.</returns>
    public int[] ToArray() => AsSpan().ToArray();

    /// <inheritdoc/>
    public bool Equals(Shape other) => this == other;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && this == other;

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in AsSpan())
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <summary>Prints the sizes, as <c>(32, 10)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"({string.Join(", ", ToArray())})";

    /// <summary>Counts the values of the axes from one to before another.</summary>
    /// <param name="from">First axis.</param>
    /// <param name="to">Axis after the last.</param>
    internal int Product(int from, int to)
    {
        int product = 1;
        for (int i = from; i < to; i++)
        {
            product *= _sizes[i];
        }

        return product;
    }

    /// <summary>A copy with one axis replaced.</summary>
    internal Shape With(int axis, int size)
    {
        Span<int> sizes = stackalloc int[MaxRank];
        AsSpan().CopyTo(sizes);
        sizes[axis] = size;
        return new Shape(sizes[..Rank]);
    }

    /// <summary>A copy without one axis.</summary>
    internal Shape Without(int axis)
    {
        Span<int> sizes = stackalloc int[MaxRank];
        AsSpan()[..axis].CopyTo(sizes);
        AsSpan()[(axis + 1)..].CopyTo(sizes[axis..]);
        return new Shape(sizes[..(Rank - 1)]);
    }

    [UnscopedRef]
    internal ReadOnlySpan<int> AsSpan() => ((ReadOnlySpan<int>)_sizes)[..Rank];

    [InlineArray(MaxRank)]
    private struct Sizes
    {
        private int _first;
    }
}
