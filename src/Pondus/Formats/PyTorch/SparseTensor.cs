namespace Pondus.Formats.PyTorch;

/// <summary>Sparse tensors: given dense when that is small, else as the tensors that they consist of.</summary>
/// <remarks>Layouts: COO (indices, values), CSR and BSR (by rows), CSC and BSC (by columns), the last two of each in blocks.</remarks>
internal static class SparseTensor
{
    private const long MostDenseBytes = 1 << 26;

    /// <summary>Adds a sparse tensor under its name.</summary>
    internal static void Add(TorchEntries entries, string name, TorchParts parts)
    {
        string layout = parts.Kind.Replace("torch.sparse_", "", StringComparison.Ordinal);
        string[] names = layout switch
        {
            "coo" => ["indices", "values"],
            "csr" or "bsr" => ["crow_indices", "col_indices", "values"],
            "csc" or "bsc" => ["ccol_indices", "row_indices", "values"],
            _ => [],
        };
        if (names.Length != parts.Parts.Length)
        {
            entries.Remark(WeightRemarkKind.Refused, name, $"expected a known sparse layout, got {parts.Kind}.");
            return;
        }

        List<(TensorWindow Window, StorageBytes Storage)> located = [];
        foreach (TorchTensor part in parts.Parts)
        {
            if (entries.Locate(name, part) is not { } place)
            {
                return;
            }

            located.Add(place);
        }

        long[] shape = parts.Shape!;
        TensorWindow values = located[^1].Window;
        bool isSmall = WeightTypes.TryCount(shape, out long count) && count <= MostDenseBytes / values.ElementBytes;
        if (isSmall && parts.IsCoalesced && located.Take(located.Count - 1).All(static part => part.Window.DataType is "int64" or "int32") && Fits(layout, shape, located))
        {
            byte[] Dense() => entries.Cache.Get(parts, 0, () => Densify(entries, name, layout, parts, located, count));
            if (entries.Add(parts.Offset, new WeightEntry(name, values.DataType, shape, count * values.ElementBytes, (offset, destination) => Dense().AsSpan((int)offset, destination.Length).CopyTo(destination))))
            {
                entries.Remark(WeightRemarkKind.Note, name, $"sparse ({layout.ToUpperInvariant()}) with {values.Count} of {count} values stored; given dense.");
            }

            return;
        }

        for (int i = 0; i < names.Length; i++)
        {
            entries.AddTensor($"{name}.{names[i]}", parts.Parts[i]);
        }

        entries.Remark(WeightRemarkKind.Note, name, $"sparse ({layout.ToUpperInvariant()}) of sizes ({string.Join(", ", shape)}); its {string.Join(", ", names)} are listed.");
    }

    private static bool Fits(string layout, long[] shape, List<(TensorWindow Window, StorageBytes Storage)> located)
    {
        long[] values = located[^1].Window.Shape, first = located[0].Window.Shape;
        switch (layout)
        {
            case "coo":
                return first.Length == 2 && first[0] <= shape.Length && values.Length == 1 + shape.Length - first[0]
                    && values[0] == first[1] && values.AsSpan(1).SequenceEqual(shape.AsSpan((int)first[0]));
            default:
                bool inBlocks = layout[0] == 'b';
                long height = inBlocks && values.Length == 3 ? values[1] : 1, width = inBlocks && values.Length == 3 ? values[2] : 1;
                if (shape.Length != 2 || values.Length != (inBlocks ? 3 : 1) || height < 1 || width < 1 || shape[0] % height != 0 || shape[1] % width != 0)
                {
                    return false;
                }

                long lines = layout[2] == 'r' ? shape[0] / height : shape[1] / width;
                return first.Length == 1 && first[0] == lines + 1 && located[1].Window.Shape is [var stored] && stored == values[0];
        }
    }

    private static byte[] Densify(TorchEntries entries, string name, string layout, TorchParts parts, List<(TensorWindow Window, StorageBytes Storage)> located, long count)
    {
        (TensorWindow values, StorageBytes storage) = located[^1];
        int size = values.ElementBytes;
        byte[] stored = new byte[values.Count * size], dense = new byte[count * size];
        if (stored.Length > 0)
        {
            new StridedReader(storage, values).Read(0, stored);
        }

        List<long[]> indices = [.. located.Take(located.Count - 1).Select(part => TorchIntegers.Read(part.Window, part.Storage)
            ?? throw Outside("expected fewer indices"))];
        if (layout == "coo")
        {
            PlaceCoo(indices[0]);
        }
        else
        {
            PlaceCompressed(indices[0], indices[1]);
        }

        return dense;

        void PlaceCoo(long[] places)
        {
            int axes = (int)located[0].Window.Shape[0];
            long many = values.Shape[0], block = values.Shape.AsSpan(1).ToArray().Aggregate(1L, static (a, b) => a * b) * size;
            for (long i = 0; i < many; i++)
            {
                long place = 0;
                for (int axis = 0; axis < axes; axis++)
                {
                    long index = places[(axis * many) + i];
                    place = index >= 0 && index < parts.Shape![axis] ? (place * parts.Shape[axis]) + index : throw Outside($"expected indices below {parts.Shape![axis]}, got {index}");
                }

                stored.AsSpan((int)(i * block), (int)block).CopyTo(dense.AsSpan((int)(place * block)));
            }
        }

        void PlaceCompressed(long[] starts, long[] others)
        {
            bool inBlocks = layout[0] == 'b', byRows = layout[2] == 'r';
            long height = inBlocks ? values.Shape[1] : 1, width = inBlocks ? values.Shape[2] : 1, columns = parts.Shape![1];
            long limit = byRows ? columns / width : parts.Shape[0] / height;
            for (int line = 0; line + 1 < starts.Length; line++)
            {
                if (starts[line] < 0 || starts[line + 1] < starts[line] || starts[line + 1] > others.Length)
                {
                    throw Outside($"expected rising places up to {others.Length}, got {starts[line]} and {starts[line + 1]}");
                }

                for (long k = starts[line]; k < starts[line + 1]; k++)
                {
                    long other = others[k] >= 0 && others[k] < limit ? others[k] : throw Outside($"expected indices below {limit}, got {others[k]}");
                    (long row, long column) = byRows ? ((long)line, other) : (other, (long)line);
                    for (long i = 0; i < height; i++)
                    {
                        int from = (int)(((k * height) + i) * width * size), to = (int)((((((row * height) + i) * columns) + (column * width))) * size);
                        stored.AsSpan(from, (int)(width * size)).CopyTo(dense.AsSpan(to));
                    }
                }
            }
        }

        WeightFormatException Outside(string message) => entries.Error(parts.Offset, $"tensor '{name}': {message}.");
    }
}
