namespace Pondus.Kernels;

/// <summary>Two pointers' way over the places of some images: along rows, from row to row, from image to image.</summary>
internal struct ConvWalk
{
    public nint Places;
    public nint Rows;
    public nint Images;

    /// <summary>Floats from one place to the next.</summary>
    public nint AStep;
    public nint BStep;

    /// <summary>Floats from the end of a row, one step behind its last place, to the next row.</summary>
    public nint ARow;
    public nint BRow;

    /// <summary>Floats from the end of an image, where its next row would be, to the next image.</summary>
    public nint AImage;
    public nint BImage;

    /// <summary>Makes a walk from the distances of neighbors on each level.</summary>
    public static ConvWalk Over(nint places, nint rows, nint images, (nint Step, nint Row, nint Image) a, (nint Step, nint Row, nint Image) b)
    {
        // A column or rows without gaps are one long row.
        if (places == 1)
        {
            (places, rows, images) = (rows, images, 1);
            a = (a.Row, a.Image, 0);
            b = (b.Row, b.Image, 0);
        }
        else if (a.Row == places * a.Step && b.Row == places * b.Step)
        {
            (places, rows, images) = (places * rows, images, 1);
            a = (a.Step, a.Image, 0);
            b = (b.Step, b.Image, 0);
        }

        return new()
        {
            Places = places,
            Rows = rows,
            Images = images,
            AStep = a.Step,
            ARow = a.Row - (places * a.Step),
            AImage = a.Image - (rows * a.Row),
            BStep = b.Step,
            BRow = b.Row - (places * b.Step),
            BImage = b.Image - (rows * b.Row),
        };
    }
}
