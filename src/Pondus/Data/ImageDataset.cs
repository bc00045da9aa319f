namespace Pondus.Data;

/// <summary>Pictures and labels from a pair of IDX files.</summary>
public static class ImageDataset
{
    private const int MaxClassCount = 65_536;

    /// <summary>Reads pictures and labels; bytes are scaled to [0, 1], other numbers are kept.</summary>
    /// <remarks>Shape: files (count, height, width) give inputs (1, height, width); files (count, height, width, channel) with
    /// 1 to 4 channels give inputs (channel, height, width); files of other ranks keep their sizes.</remarks>
    /// <param name="imagesPath">IDX file of the pictures, plain or gzip-compressed.</param>
    /// <param name="labelsPath">IDX file of the labels, plain or gzip-compressed.</param>
    /// <param name="options">Class names and which labels to keep, or null for all.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="DataFormatException">A file is damaged, the counts differ, a label has no name, or nothing is left.</exception>
    /// <exception cref="IOException">A file is missing or not readable.</exception>
    public static Dataset Load(string imagesPath, string labelsPath, ImageOptions? options = null)
    {
        options ??= new ImageOptions();
        IdxFile images = IdxFile.Load(imagesPath);
        IdxFile labelsFile = IdxFile.Load(labelsPath);
        if (images.Shape.Rank < 2 || labelsFile.Shape.Rank != 1)
        {
            (string path, string what, Shape got) = images.Shape.Rank < 2
                ? (imagesPath, "pictures (count, height, width)", images.Shape) : (labelsPath, "labels (count)", labelsFile.Shape);
            throw new DataFormatException(path, $": expected {what}, got {got}. Are the two files swapped?");
        }

        if (images.Shape[0] != labelsFile.Shape[0])
        {
            throw new DataFormatException(labelsPath, $": expected {images.Shape[0]} labels, one for each picture of {imagesPath}, got {labelsFile.Shape[0]}.");
        }

        int[] labels = labelsFile.ToInt32();
        IReadOnlyList<string> names = Names(labelsPath, labels, options);
        int[] kept = Kept(labelsPath, labels, names.Count, options, out int[] classOf);
        float[] inputs = Inputs(images, kept, out Shape inputShape);
        IReadOnlyList<string> keptNames = options.KeptLabels.Count == 0 ? names : [.. options.KeptLabels.Select(label => names[label])];
        return new Dataset(inputs, inputShape, Array.ConvertAll(kept, index => classOf[labels[index]]), keptNames);
    }

    private static IReadOnlyList<string> Names(string path, int[] labels, ImageOptions options)
    {
        int limit = options.ClassNames.Count > 0 ? options.ClassNames.Count : MaxClassCount;
        int last = -1;
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)limit)
            {
                throw new DataFormatException(path, $": expected labels from 0 to {limit - 1}, got {labels[i]} at sample {i}.");
            }

            last = Math.Max(last, labels[i]);
        }

        return options.ClassNames.Count > 0 ? options.ClassNames : [.. Enumerable.Range(0, last + 1).Select(label => $"{label}")];
    }

    private static int[] Kept(string path, int[] labels, int labelCount, ImageOptions options, out int[] classOf)
    {
        classOf = new int[labelCount];
        Array.Fill(classOf, -1);
        for (int i = 0; i < options.KeptLabels.Count; i++)
        {
            int label = options.KeptLabels[i];
            if ((uint)label >= (uint)labelCount || classOf[label] >= 0)
            {
                throw new DataFormatException(path, $": expected kept labels from 0 to {labelCount - 1}, each once, got {label}.");
            }

            classOf[label] = i;
        }

        for (int label = 0; options.KeptLabels.Count == 0 && label < labelCount; label++)
        {
            classOf[label] = label;
        }

        List<int> kept = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (classOf[labels[i]] >= 0)
            {
                kept.Add(i);
            }
        }

        return kept.Count > 0 ? [.. kept] : throw new DataFormatException(path, ": expected at least 1 sample with a kept label, got 0.");
    }

    private static float[] Inputs(IdxFile images, int[] kept, out Shape inputShape)
    {
        int[] sizes = images.Shape.ToArray()[1..];
        int pixels = images.Shape.Product(1, images.Shape.Rank);
        // Pictures with interleaved colors become one plane for each color, as convolutions expect.
        int channels = sizes.Length == 3 && sizes[2] is >= 1 and <= 4 ? sizes[2] : 1;
        float[] inputs = new float[(long)kept.Length * pixels];
        if (images.Type == IdxType.UInt8)
        {
            float[] scaled = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];
            CopyPlanes(images.Data, kept, pixels, channels, inputs, value => scaled[value]);
        }
        else
        {
            CopyPlanes<float>(images.ToSingle(), kept, pixels, channels, inputs, value => value);
        }

        inputShape = sizes.Length switch
        {
            2 => [1, sizes[0], sizes[1]],
            3 when channels == sizes[2] => [channels, sizes[0], sizes[1]],
            _ => new Shape(sizes),
        };
        return inputs;
    }

    private static void CopyPlanes<T>(ReadOnlySpan<T> all, int[] kept, int pixels, int channels, float[] inputs, Func<T, float> convert)
    {
        int planePixels = pixels / channels;
        for (int i = 0; i < kept.Length; i++)
        {
            ReadOnlySpan<T> source = all.Slice(kept[i] * pixels, pixels);
            Span<float> target = inputs.AsSpan(i * pixels, pixels);
            for (int channel = 0; channel < channels; channel++)
            {
                Span<float> plane = target.Slice(channel * planePixels, planePixels);
                for (int j = 0, from = channel; j < plane.Length; j++, from += channels)
                {
                    plane[j] = convert(source[from]);
                }
            }
        }
    }
}
