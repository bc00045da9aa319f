using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>A unit of a convolution: a panel of channels over some rows of some images, cut into rectangles and those into tiles.</summary>
internal unsafe struct ConvWork
{
    public ConvJob* Job;
    public int FirstImage;
    public int LastImage;
    public int FirstRow;
    public int LastRow;
    public float* X;
    public float* Y;
    public ConvTile Tile;

    /// <summary>Computes the panel.</summary>
    public void Panel()
    {
        ref ConvAxis axisY = ref Job->AxisY, axisX = ref Job->AxisX;
        for (int phaseY = 0; phaseY < axisY.Phases; phaseY++)
        {
            (int begin, int endY) = axisY.Positions(phaseY, FirstRow, LastRow);
            while (begin < endY)
            {
                ConvInterval rows = axisY.Interval(phaseY, begin, endY);
                for (int phaseX = 0; phaseX < axisX.Phases; phaseX++)
                {
                    (int at, int endX) = axisX.Positions(phaseX, 0, axisX.OutSize);
                    while (at < endX)
                    {
                        ConvInterval columns = axisX.Interval(phaseX, at, endX);
                        Rectangle(phaseY, in rows, phaseX, in columns);
                        at = columns.End;
                    }
                }

                begin = rows.End;
            }
        }
    }

    private void Rectangle(int phaseY, in ConvInterval rows, int phaseX, in ConvInterval columns)
    {
        ConvJob* job = Job;
        FindSegments(in rows, in columns);
        if (Tile.Segments == Tile.SegmentsEnd && job->Output.Add)
        {
            return;
        }

        nint xRow = (nint)job->AxisX.InSize * job->InChannels, yRow = (nint)job->AxisX.OutSize * job->OutChannels;
        ConvDirection alongImages = new() { Count = LastImage - FirstImage, X = job->AxisY.InSize * xRow, Y = job->AxisY.OutSize * yRow };
        ConvDirection alongY = new() { Count = rows.End - rows.Begin, X = job->AxisY.InStep * xRow, Y = job->AxisY.OutStep * yRow };
        ConvDirection alongX = new() { Count = columns.End - columns.Begin, X = job->AxisX.InStep * (nint)job->InChannels, Y = job->AxisX.OutStep * (nint)job->OutChannels };
        float* x = X + (FirstImage * alongImages.X) + (rows.Begin * alongY.X) + (columns.Begin * alongX.X);
        float* y = Y + (FirstImage * alongImages.Y) + (phaseY * yRow) + (rows.Begin * alongY.Y) + (phaseX * (nint)job->OutChannels) + (columns.Begin * alongX.Y);

        // Pairs of neighbors in a row; a column that is left over in pairs down it; a place that is left over with the one of the next image.
        Pairs(x, y, alongX, alongY, alongImages);
        if ((alongX.Count & 1) != 0)
        {
            x += (alongX.Count - 1) * alongX.X;
            y += (alongX.Count - 1) * alongX.Y;
            ConvDirection none = new() { Count = 1 };
            Pairs(x, y, alongY, none, alongImages);
            if ((alongY.Count & 1) != 0)
            {
                x += (alongY.Count - 1) * alongY.X;
                y += (alongY.Count - 1) * alongY.Y;
                Pairs(x, y, alongImages, none, none);
                if ((alongImages.Count & 1) != 0)
                {
                    Tile.X[0] = (long)(x + ((alongImages.Count - 1) * alongImages.X));
                    Tile.Y[0] = (long)(y + ((alongImages.Count - 1) * alongImages.Y));
                    ConvTiles.Run((ConvTile*)Unsafe.AsPointer(ref Tile), 1);
                }
            }
        }
    }

    // Places are taken in pairs along the inner direction, in tiles of nearly equal size.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pairs(float* x, float* y, in ConvDirection inner, in ConvDirection middle, in ConvDirection outer)
    {
        int perLine = inner.Count / 2, pairs = perLine * middle.Count * outer.Count;
        if (pairs == 0)
        {
            return;
        }

        ConvTile* tile = (ConvTile*)Unsafe.AsPointer(ref Tile);
        tile->XStep = inner.X * sizeof(float);
        tile->YStep = inner.Y;
        int most = ConvTiles.MostRows(tile->Width) / 2, tiles = (pairs + most - 1) / most;
        int size = pairs / tiles, longer = pairs - (size * tiles), wanted = longer > 0 ? size + 1 : size, count = 0;
        for (int o = 0; o < outer.Count; o++, x += outer.X, y += outer.Y)
        {
            float* xLine = x, yLine = y;
            for (int m = 0; m < middle.Count; m++, xLine += middle.X, yLine += middle.Y)
            {
                float* xAt = xLine, yAt = yLine;
                for (int i = 0; i < perLine; i++, xAt += 2 * inner.X, yAt += 2 * inner.Y)
                {
                    tile->X[count] = (long)xAt;
                    tile->Y[count] = (long)yAt;
                    if (++count == wanted)
                    {
                        ConvTiles.Run(tile, 2 * wanted);
                        count = 0;
                        wanted = --longer > 0 ? size + 1 : size;
                    }
                }
            }
        }
    }

    // The taps that these places see; neighbors in the kernel row are one stretch where they are neighbors in x too.
    private void FindSegments(in ConvInterval rows, in ConvInterval columns)
    {
        ConvJob* job = Job;
        int depth = job->GroupIn, width = Tile.Width;
        nint pixel = (nint)job->InChannels * sizeof(float), row = job->AxisX.InSize * pixel;
        ConvSegment* end = Tile.Segments;
        for (int ty = rows.FirstTap; ty < rows.LastTap; ty++)
        {
            for (int tx = columns.FirstTap; tx < columns.LastTap; tx++)
            {
                nint begin = (job->AxisY.Offsets[ty] * row) + (job->AxisX.Offsets[tx] * pixel);
                if (tx > columns.FirstTap && (end - 1)->End == begin)
                {
                    (end - 1)->End += depth * sizeof(float);
                }
                else
                {
                    end->Begin = begin;
                    end->End = begin + (depth * sizeof(float));
                    end->Weights = (((nint)ty * job->KernelWidth) + tx) * depth * width;
                    end++;
                }
            }
        }

        Tile.SegmentsEnd = end;
    }
}
