using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pondus.Data;

/// <summary>Samples in memory: inputs, and for each a class or target values.</summary>
/// <remarks>
/// <para>Shape: inputs (count, <see cref="InputShape"/>), labels (count, <see cref="LabelShape"/>), targets (count, <see cref="TargetShape"/>), row-major.</para>
/// <para>The arrays are not copied and not to be changed afterwards.</para>
/// </remarks>
public sealed class Dataset
{
    /// <summary>Makes a data set for classification.</summary>
    /// <param name="inputs">All inputs, one sample after the other.</param>
    /// <param name="inputShape">Sizes of one sample.</param>
    /// <param name="labels">Class of each sample, from 0 to the number of names - 1.</param>
    /// <param name="classNames">Name of each class.</param>
    /// <param name="inputNames">Name of each input value (columns of a table), or null.</param>
    /// <exception cref="ArgumentException">The lengths do not agree or a label has no name.</exception>
    public Dataset(float[] inputs, Shape inputShape, int[] labels, IReadOnlyList<string> classNames, IReadOnlyList<string>? inputNames = null)
        : this(inputs, inputShape, labels, [], classNames, inputNames)
    {
    }

    /// <summary>Makes a data set for classification with several classes to a sample, such as one for each place of a text or each pixel.</summary>
    /// <param name="inputs">All inputs, one sample after the other.</param>
    /// <param name="inputShape">Sizes of one sample.</param>
    /// <param name="labels">Classes of each sample, from 0 to the number of names - 1, one sample after the other.</param>
    /// <param name="labelShape">Sizes of one sample's labels; empty for one label.</param>
    /// <param name="classNames">Name of each class.</param>
    /// <param name="inputNames">Name of each input value (columns of a table), or null.</param>
    /// <exception cref="ArgumentException">The lengths do not agree or a label has no name.</exception>
    public Dataset(float[] inputs, Shape inputShape, int[] labels, Shape labelShape, IReadOnlyList<string> classNames, IReadOnlyList<string>? inputNames = null)
        : this(inputs, inputShape, labels, labelShape, (labels?.Length ?? 0) / Math.Max(1, labelShape.Count), classNames, inputNames)
    {
        if (labels!.Length != (long)Count * labelShape.Count)
        {
            throw new ArgumentException($"Dataset: expected labels in rows of {labelShape}, got {labels.Length} values.", nameof(labels));
        }

        ThrowIfNotSamples(inputs, inputShape, Count);
    }

    /// <summary>Makes a data set for regression.</summary>
    /// <param name="inputs">All inputs, one sample after the other.</param>
    /// <param name="inputShape">Sizes of one sample.</param>
    /// <param name="targets">All targets, one sample after the other.</param>
    /// <param name="targetShape">Sizes of one sample's target.</param>
    /// <param name="inputNames">Name of each input value (columns of a table), or null.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public Dataset(float[] inputs, Shape inputShape, float[] targets, Shape targetShape, IReadOnlyList<string>? inputNames = null)
        : this(inputs, inputShape, targetShape.Count == 0 ? 0 : (targets?.Length ?? 0) / targetShape.Count, inputNames)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ThrowIfNotSamples(inputs, inputShape, Count);
        if (targets.Length != (long)Count * targetShape.Count)
        {
            throw new ArgumentException($"Dataset: expected targets in rows of {targetShape}, got {targets.Length} values.", nameof(targets));
        }

        Targets = targets;
        TargetShape = targetShape;
        LabelShape = [];
        ClassNames = [];
    }

    private Dataset(float[] inputs, Shape inputShape, int[]? labels, Shape labelShape, int count, IReadOnlyList<string> classNames, IReadOnlyList<string>? inputNames)
        : this(inputs, inputShape, count, inputNames)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        Labels = labels;
        LabelShape = labelShape;
        ClassNames = classNames;
        TargetShape = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classNames.Count)
            {
                throw new ArgumentException($"Dataset: expected labels from 0 to {classNames.Count - 1}, got {labels[i]} at sample {i / Math.Max(1, labelShape.Count)}.", nameof(labels));
            }
        }
    }

    private Dataset(float[] inputs, Shape inputShape, int count, IReadOnlyList<string>? inputNames)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputNames is { Count: > 0 } && inputNames.Count != inputShape.Count)
        {
            throw new ArgumentException($"Dataset: expected {inputShape.Count} input names, got {inputNames.Count}.", nameof(inputNames));
        }

        Inputs = inputs;
        InputShape = inputShape;
        Count = count;
        InputNames = inputNames ?? [];
        ClassNames = [];
    }

    /// <summary>Gets the number of samples.</summary>
    public int Count { get; }

    /// <summary>Gets the sizes of one sample.</summary>
    public Shape InputShape { get; }

    /// <summary>Gets all inputs, one sample after the other.</summary>
    public float[] Inputs { get; }

    /// <summary>Gets the name of each input value (columns of a table); empty when they have none.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>Gets the class of each sample, or its classes one after the other; null for regression.</summary>
    public int[]? Labels { get; }

    /// <summary>Gets the sizes of one sample's labels; empty when each has one label, and for regression.</summary>
    public Shape LabelShape { get; }

    /// <summary>Gets the name of each class; empty for regression.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gets the number of classes, 0 for regression.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>Gets all targets, one sample after the other, or null for classification.</summary>
    public float[]? Targets { get; }

    /// <summary>Gets the sizes of one sample's target; empty for classification.</summary>
    public Shape TargetShape { get; }

    /// <summary>Gets the number of places at which the samples of an epoch may begin; more than 1 for windows over a long sequence.</summary>
    internal int OffsetCount { get; private init; } = 1;

    /// <summary>Makes a data set of neighboring windows over one long sequence, which begin elsewhere in every shuffled epoch.</summary>
    /// <remarks>The windows of any epoch share no value, and unshuffled they begin at 0. Where the sequence is too short for that, all epochs begin at 0.</remarks>
    /// <param name="inputs">The sequence.</param>
    /// <param name="labels">The class at each of its places.</param>
    /// <param name="length">Places of a window, at most those of the sequence.</param>
    /// <param name="shifts">Whether the windows may begin elsewhere; otherwise they always begin at 0, and there may be one more.</param>
    /// <param name="classNames">Name of each class.</param>
    internal static Dataset Windows(float[] inputs, int[] labels, int length, bool shifts, IReadOnlyList<string> classNames)
    {
        int spare = shifts ? Math.Min(length - 1, inputs.Length - length) : 0;
        return new Dataset(inputs, [length], labels, [length], (inputs.Length - spare) / length, classNames, null) { OffsetCount = spare + 1 };
    }

    /// <summary>Gets one sample's input.</summary>
    /// <param name="index">Index of the sample.</param>
    /// <returns>A view of it.</returns>
    public ReadOnlySpan<float> Input(int index) => Inputs.AsSpan(index * InputShape.Count, InputShape.Count);

    /// <summary>Copies some samples.</summary>
    /// <param name="indices">Their indices, in the order wanted; repetition is allowed.</param>
    /// <returns>A new data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the data set.</exception>
    public Dataset Take(ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(indices));
        }

        float[] inputs = TakeRows(Inputs, InputShape.Count, indices);
        return Labels is not null
            ? new Dataset(inputs, InputShape, TakeRows(Labels, LabelShape.Count, indices), LabelShape, ClassNames, InputNames)
            : new Dataset(inputs, InputShape, TakeRows(Targets!, TargetShape.Count, indices), TargetShape, InputNames);
    }

    /// <summary>Makes a data set of the same samples with other inputs, such as standardized ones.</summary>
    /// <param name="inputs">All inputs, one sample after the other.</param>
    /// <returns>A new data set that shares labels or targets with this one.</returns>
    public Dataset WithInputs(float[] inputs) => Labels is not null
        ? new Dataset(inputs, InputShape, Labels, LabelShape, ClassNames, InputNames)
        : new Dataset(inputs, InputShape, Targets!, TargetShape, InputNames);

    /// <summary>Computes the fingerprint of the content, for the record of a run.</summary>
    /// <remarks>
    /// SHA-256 over, all little-endian: count, rank and sizes of one input, number of classes, each class name (bytes, then UTF-8),
    /// rank and sizes of one target (int32 each), those of one sample's labels if it has several, then the inputs (float32), the labels (int32), the targets (float32).
    /// </remarks>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    public string Sha256()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendNumbers(hash, [Count, InputShape.Rank, .. InputShape.ToArray(), ClassCount]);
        foreach (string name in ClassNames)
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            AppendNumbers(hash, [text.Length]);
            hash.AppendData(text);
        }

        AppendNumbers(hash, [TargetShape.Rank, .. TargetShape.ToArray()]);
        if (LabelShape.Rank > 0)
        {
            AppendNumbers(hash, [LabelShape.Rank, .. LabelShape.ToArray()]);
        }

        AppendNumbers(hash, MemoryMarshal.Cast<float, int>(Inputs));
        AppendNumbers(hash, Labels);
        AppendNumbers(hash, MemoryMarshal.Cast<float, int>(Targets));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void ThrowIfNotSamples(float[] inputs, in Shape inputShape, int count)
    {
        if (inputs.Length != (long)count * inputShape.Count)
        {
            throw new ArgumentException($"Dataset: expected {count} samples of {inputShape}, got {inputs.Length} values.", nameof(inputs));
        }
    }

    private static void AppendNumbers(IncrementalHash hash, ReadOnlySpan<int> values)
    {
        const int partLength = 1 << 14;
        Span<byte> bytes = new byte[4 * Math.Min(values.Length, partLength)];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<int> part = values[..Math.Min(values.Length, partLength)];
            for (int i = 0; i < part.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], part[i]);
            }

            hash.AppendData(bytes[..(4 * part.Length)]);
            values = values[part.Length..];
        }
    }

    private static T[] TakeRows<T>(T[] values, int rowLength, ReadOnlySpan<int> indices)
    {
        T[] rows = new T[indices.Length * rowLength];
        for (int i = 0; i < indices.Length; i++)
        {
            Array.Copy(values, (long)indices[i] * rowLength, rows, (long)i * rowLength, rowLength);
        }

        return rows;
    }
}
