using Pondus.Initializers;

namespace Pondus.Layers;

/// <summary>A table of vectors, one for each index (a word, a character, a category): y = weight[x].</summary>
/// <remarks>
/// <para>Shape: x (...), whole numbers in [0, count), to y (..., size). Parameter: <c>weight</c> (count, size).</para>
/// <para>Range: a tensor holds indices exactly up to 2^24 = 16,777,216; <see cref="Forward(ReadOnlySpan{int}, Shape)"/> has no such bound. Indices get no gradient.</para>
/// <para>Gradient: dweight[i] = Σ dy over all places that hold i, in the order of places, whatever the number of threads; 0 for the padding index.</para>
/// <para>Start: normal, mean 0 and deviation 1, unless another is given; zeros for the padding index.</para>
/// </remarks>
public sealed class Embedding : Layer
{
    private const int MostIndices = 1 << 24;

    /// <summary>Makes the layer.</summary>
    /// <param name="count">Number of indices, at least 1.</param>
    /// <param name="size">Size of a vector, at least 1.</param>
    /// <param name="random">Source of the starting values.</param>
    /// <param name="paddingIndex">Index that stands for nothing: it starts at zeros and gets no gradient; or null.</param>
    /// <param name="weightInitializer">Start of the weight.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the padding index is outside [0, count).</exception>
    public Embedding(int count, int size, RandomSource random, int? paddingIndex = null, Initializer? weightInitializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (paddingIndex is { } padding && (uint)padding >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), padding, $"Embedding: expected a padding index in [0, {count}), got {padding}.");
        }

        Count = count;
        Size = size;
        PaddingIndex = paddingIndex;
        Weight = AddParameter("weight", [count, size], weightInitializer ?? new Normal(0f, 1f), random);
        if (paddingIndex is { } row)
        {
            Weight.Writable().Slice(row * size, size).Clear();
            Weight.MarkChanged();
        }
    }

    /// <summary>Gets the number of indices.</summary>
    public int Count { get; }

    /// <summary>Gets the size of a vector.</summary>
    public int Size { get; }

    /// <summary>Gets the index that stands for nothing, or null.</summary>
    public int? PaddingIndex { get; }

    /// <summary>Gets the table, (count, size).</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A value is no whole number in [0, count).</exception>
    public override Tensor Forward(Tensor x) => Count <= MostIndices
        ? EmbeddingOperation.Apply(Weight, x, PaddingIndex, this)
        : throw new ShapeException($"{this}: expected at most {MostIndices} indices in a tensor, which holds no larger whole numbers exactly. Call Forward with integers.");

    /// <summary>Computes the output for indices.</summary>
    /// <param name="indices">The indices, row-major.</param>
    /// <param name="shape">Their sizes.</param>
    /// <returns>Their vectors, (..., size).</returns>
    /// <exception cref="ShapeException">An index is outside [0, count), or the shape has another number of values.</exception>
    public Tensor Forward(ReadOnlySpan<int> indices, Shape shape) => EmbeddingOperation.Apply(Weight, indices, shape, PaddingIndex, this);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new([.. input.AsSpan(), Size]);

    /// <inheritdoc/>
    public override string ToString() => $"Embedding({Count} x {Size}{(PaddingIndex is { } padding ? $", padding {padding}" : string.Empty)})";
}
