namespace Pondus.Formats.PyTorch;

/// <summary>The functions by which PyTorch's pickles describe tensors.</summary>
/// <remarks>Source: torch/_utils.py of PyTorch 2.13, functions _rebuild_*.</remarks>
internal static class TorchConstructors
{
    private const int BytesOfTensor = 100;

    /// <summary>What a call gives, or null for a function that is not known.</summary>
    internal static object? Rebuild(PickleGlobal type, List<object?> items, long offset, PickleInput input)
    {
        return type.Name["torch._utils.".Length..] switch
        {
            "_rebuild_tensor" or "_rebuild_tensor_v2" => Tensor(dtype: null, metadata: 6),
            "_rebuild_tensor_v3" => Tensor(items.Count > 6 && items[6] is PickleGlobal dtype ? dtype.Name : throw Wrong(), metadata: 7),
            "_rebuild_parameter" or "_rebuild_parameter_with_state" or "_rebuild_device_tensor_from_numpy" or "_rebuild_device_tensor_from_cpu_tensor" => items is [var data, ..] ? data : throw Wrong(),
            "_rebuild_qtensor" => Quantized(),
            "_rebuild_sparse_tensor" => items is [PickleSymbol layout, PickleSequence data] ? Sparse(layout.Text, data.Items) : throw Wrong(),
            "_rebuild_sparse_csr_tensor" => items is [PickleSymbol layout, PickleSequence data] ? Sparse(layout.Text, data.Items) : throw Wrong(),
            "_rebuild_meta_tensor_no_storage" => items is [PickleGlobal meta, PickleSequence sizes, ..] ? new TorchParts("meta", [], Sizes(sizes) ?? throw Wrong(), meta.Name, IsCoalesced: true, offset) : throw Wrong(),
            "_rebuild_nested_tensor" => items is [TorchTensor, TorchTensor, TorchTensor, TorchTensor] ? new TorchParts("nested", [.. items.Cast<TorchTensor>()], Shape: null, Type: null, IsCoalesced: true, offset) : throw Wrong(),
            _ => null,
        };

        TorchTensor Tensor(string? dtype, int metadata)
        {
            (TorchStorage storage, long start, long[] shape, long[] strides) = Window();
            PickleMap? flags = items.Count > metadata ? items[metadata] as PickleMap : null;
            return new TorchTensor(storage, start, shape, strides, offset) { Type = dtype, IsConjugate = flags?.Get("conj") is true, IsNegative = flags?.Get("neg") is true };
        }

        TorchTensor Quantized()
        {
            (TorchStorage storage, long start, long[] shape, long[] strides) = Window();
            TorchQuantizer quantizer = items.Count > 4 ? (items[4] as PickleSequence)?.Items switch
            {
                [PickleGlobal scheme, var scale, var zero] => new TorchQuantizer(scheme.Name, scale, zero, Axis: null),
                [PickleGlobal scheme, TorchTensor scales, TorchTensor zeros, long axis] => new TorchQuantizer(scheme.Name, scales, zeros, axis),
                _ => throw Wrong(),
            } : throw Wrong();
            return new TorchTensor(storage, start, shape, strides, offset) { Quantizer = quantizer };
        }

        TorchParts Sparse(string layout, List<object?> data) => data switch
        {
            [TorchTensor indices, TorchTensor values, PickleSequence sizes, ..] => new TorchParts(layout, [indices, values], Sizes(sizes) ?? throw Wrong(), Type: null, data.Count > 3 && data[3] is true, offset),
            [TorchTensor compressed, TorchTensor plain, TorchTensor values, PickleSequence sizes] => new TorchParts(layout, [compressed, plain, values], Sizes(sizes) ?? throw Wrong(), Type: null, IsCoalesced: true, offset),
            _ => throw Wrong(),
        };

        (TorchStorage Storage, long Start, long[] Shape, long[] Strides) Window()
        {
            if (items is not [TorchStorage storage, long start, PickleSequence sizes, PickleSequence strides, ..] || Sizes(sizes) is not { } shape || Sizes(strides) is not { } steps || steps.Length != shape.Length)
            {
                throw Wrong();
            }

            input.Charge(BytesOfTensor + (2 * sizeof(long) * shape.Length));
            return (storage, start, shape, steps);
        }

        WeightFormatException Wrong() => input.ErrorAt(offset, $"{type.Name}: expected a storage, a place in it, sizes and as many strides, got other arguments.");
    }

    /// <summary>Reads whole numbers; null when there are others.</summary>
    internal static long[]? Sizes(PickleSequence sequence)
    {
        const int mostAxes = 64;
        return sequence.Items.Count <= mostAxes && sequence.Items.TrueForAll(static item => item is long) ? [.. sequence.Items.Cast<long>()] : null;
    }
}
