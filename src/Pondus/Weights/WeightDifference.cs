using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>How two weights files differ, whatever their formats: tensor by tensor, and in one sentence.</summary>
/// <remarks>Tensors are compared one pair at a time, so files may be larger than memory; a pair whose axes lie in another order is
/// held whole. Tensors that Pondus quantized are compared by the values they stand for.</remarks>
/// <example><code>
/// using WeightFile a = WeightFile.Open("before.safetensors"), b = WeightFile.Open("after.gguf");
/// WeightDifference difference = WeightDifference.Compare(a, b);
/// Console.WriteLine(difference.Verdict);
/// </code></example>
public sealed class WeightDifference
{
    private WeightDifference(WeightFile first, WeightFile second, WeightMatching matching, IReadOnlyList<TensorDifference> tensors)
    {
        Formats = [first.Format, second.Format];
        Matching = matching;
        Tensors = tensors;
        Verdict = DifferenceVerdict.Of(this);
    }

    /// <summary>Gets the formats of the first and the second file.</summary>
    public IReadOnlyList<string> Formats { get; }

    /// <summary>Gets which tensor was taken for whose counterpart.</summary>
    public WeightMatching Matching { get; }

    /// <summary>Gets the pairs compared, in the order of the first file.</summary>
    public IReadOnlyList<TensorDifference> Tensors { get; }

    /// <summary>Gets the difference in one sentence, such as <c>the same weights</c>.</summary>
    public string Verdict { get; }

    /// <summary>Gets whether both files have the same tensors under the same names, of the same types, bit for bit.</summary>
    public bool IsIdentical => HasSameValues && Tensors.All(static tensor => tensor.HasEqualBits && tensor.Match.First.Name == tensor.Match.Second.Name);

    /// <summary>Gets whether every tensor of one has a counterpart in the other with the same values.</summary>
    public bool HasSameValues => Matching.Missing.Count == 0 && Matching.Unexpected.Count == 0 && Tensors.All(static tensor => tensor.HasEqualValues);

    /// <summary>Gets the pairs that differ, those that changed most first.</summary>
    public IReadOnlyList<TensorDifference> Changed =>
        [.. Tensors.Where(static tensor => !tensor.HasEqualValues).OrderByDescending(static tensor => tensor.Relative ?? double.PositiveInfinity)];

    /// <summary>Compares two files.</summary>
    /// <param name="first">The first: distances are relative to it.</param>
    /// <param name="second">The second.</param>
    /// <param name="options">How far the comparison goes; null for the defaults.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The differences.</returns>
    /// <exception cref="WeightFormatException">A tensor's bytes turn out to be damaged.</exception>
    public static WeightDifference Compare(
        WeightFile first, WeightFile second, DifferenceOptions? options = null, IProgress<WeightProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new DifferenceOptions();
        IReadOnlyList<WeightEntry> a = QuantizedTensors.Restored(first.Entries, first.Metadata), b = QuantizedTensors.Restored(second.Entries, second.Metadata);
        WeightMatching matching = WeightMatching.Find(a, b, options.Map, looksAtLayout: first.Format != second.Format);
        TensorDifference[] tensors = new TensorDifference[matching.Matches.Count];
        long done = 0, total = matching.Matches.Sum(static match => match.First.ByteCount + match.Second.ByteCount);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            // Found once here: the table of names is not made for several threads.
            _ = (first.Find(string.Empty), second.Find(string.Empty));
            Parallel.For(0, tensors.Length, parallel, i =>
            {
                TensorMatch match = matching.Matches[i];
                // Restored tensors keep the names of their codes, whose type is the one in the file.
                string[] types = [first.Find(match.First.Name)!.DataType, second.Find(match.Second.Name)!.DataType];
                tensors[i] = DifferenceJob.Compare(match, options) with { DataTypes = types };
                long now = Interlocked.Add(ref done, match.First.ByteCount + match.Second.ByteCount);
                progress?.Report(new WeightProgress("comparing", now, total));
            });
        }
        catch (AggregateException error) when (error.InnerExceptions.Count > 0)
        {
            // The tensor at fault is the news, not that several threads were at work.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        return new WeightDifference(first, second, matching, tensors);
    }
}
