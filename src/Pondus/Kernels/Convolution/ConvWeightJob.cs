using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>One weight gradient: its partial sums, and how its work is cut into units.</summary>
/// <remarks>
/// <para>The images are cut into parts, each with sums of its own. In a part, the sums of one kernel row ky and one group are a
/// matrix: the stretch of x that the taps of ky see, kernelWidth times the channels, against the channels of dy.
/// A unit computes all matrices of a part, or a panel of columns of one.</para>
/// <para>Places whose taps do not all lie inside the image are stretches of their own with fewer taps.</para>
/// </remarks>
internal unsafe struct ConvWeightJob
{
    // Both images of a block stay in the second-level cache while tiles pass over them.
    private const int BlockFloats = 98304;
    private const int PanelColumns = 32;

    public ConvGeometry G;
    public float* X;
    public float* Dy;
    public float* Partials;
    public int Parts;

    /// <summary>Units of a part.</summary>
    public int Cuts;

    /// <summary>x lies in vectors and dy is broadcast, not the other way round.</summary>
    public bool XInVectors;

    public ConvStretch* Stretches;
    public int StretchCount;

    /// <summary>Distance of the rows of a matrix.</summary>
    public int Pitch;

    /// <summary>Floats of x under one kernel row and group.</summary>
    public readonly int Span => G.KernelWidth * G.GroupInChannels;

    /// <summary>Floats of one matrix.</summary>
    public readonly nint MatrixSize => (nint)Pitch * (XInVectors ? G.GroupOutChannels : Span);

    /// <summary>Floats of a part.</summary>
    public readonly nint PartSize => MatrixSize * G.KernelHeight * G.Groups;

    /// <summary>Panels of a matrix.</summary>
    public readonly int Panels => ((XInVectors ? Span : G.GroupOutChannels) + PanelColumns - 1) / PanelColumns;

    public static void RunUnit(int unit, void* state)
    {
        ref ConvWeightJob job = ref *(ConvWeightJob*)state;
        int part = unit / job.Cuts, cut = unit - (part * job.Cuts);

        // Few images are cut between their rows.
        long rows = job.G.OutHeight, count = job.G.Batch >= job.Parts ? job.G.Batch : job.G.Batch * rows, scale = job.G.Batch >= job.Parts ? rows : 1;
        long begin = count * part / job.Parts * scale, end = count * (part + 1) / job.Parts * scale;
        float* sums = job.Partials + (part * job.PartSize);
        if (job.Cuts == 1)
        {
            new Span<float>(sums, (int)job.PartSize).Clear();
            job.Walk(begin, end, 0, job.G.Groups * job.G.KernelHeight, 0, job.Panels, sums);
            return;
        }

        int matrix = cut / job.Panels, panel = cut - (matrix * job.Panels);
        job.ClearPanel(sums + (matrix * job.MatrixSize), panel);
        job.Walk(begin, end, matrix, matrix + 1, panel, panel + 1, sums);
    }

    private readonly void ClearPanel(float* matrix, int panel)
    {
        int first = panel * PanelColumns, count = Math.Min(PanelColumns, Pitch - first);
        for (nint at = first; at < MatrixSize; at += Pitch)
        {
            new Span<float>(matrix + at, count).Clear();
        }
    }

    // Blocks of rows of one image, or of several whole images.
    private readonly void Walk(long begin, long end, int firstMatrix, int lastMatrix, int firstPanel, int lastPanel, float* sums)
    {
        int height = G.OutHeight;
        long rowFloats = ((long)G.InWidth * G.InChannels * G.StrideY) + ((long)G.OutWidth * G.OutChannels);
        long most = Math.Max(1, BlockFloats / Math.Max(1, rowFloats));
        while (begin < end)
        {
            int image = (int)(begin / height), oy = (int)(begin - ((long)image * height)), images = 1;
            long rows = Math.Min(height - oy, end - begin);
            if (rows == height && most >= height)
            {
                images = (int)Math.Min((end - begin) / height, most / height);
            }
            else
            {
                rows = Math.Min(rows, most);
            }

            for (int matrix = firstMatrix; matrix < lastMatrix; matrix++)
            {
                Block(matrix, image, images, oy, oy + (int)rows, firstPanel, lastPanel, sums + (matrix * MatrixSize));
            }

            begin += rows * images;
        }
    }

    private readonly void Block(int matrix, int image, int images, int oy0, int oy1, int firstPanel, int lastPanel, float* sums)
    {
        int group = matrix / G.KernelHeight, ky = matrix - (group * G.KernelHeight);
        int offset = (ky * G.DilationY) - G.PadTop;
        oy0 = Math.Max(oy0, offset >= 0 ? 0 : (-offset + G.StrideY - 1) / G.StrideY);
        oy1 = Math.Min(oy1, G.InHeight - offset <= 0 ? 0 : ((G.InHeight - 1 - offset) / G.StrideY) + 1);
        if (oy0 >= oy1)
        {
            return;
        }

        nint c = G.InChannels, o = G.OutChannels, xRow = G.InWidth * c, yRow = G.OutWidth * o, xImage = G.InHeight * xRow, yImage = G.OutHeight * yRow;
        float* x = X + (image * xImage) + (((oy0 * G.StrideY) + offset) * xRow) + (group * G.GroupInChannels);
        float* dy = Dy + (image * yImage) + (oy0 * yRow) + (group * G.GroupOutChannels);
        for (int s = 0; s < StretchCount; s++)
        {
            ConvStretch stretch = Stretches[s];
            float* xAt = x + (((stretch.Begin * G.StrideX) + (stretch.FirstTap * G.DilationX) - G.PadLeft) * c), dyAt = dy + (stretch.Begin * o);
            (nint, nint, nint) xSteps = (G.StrideX * c, G.StrideY * xRow, xImage), dySteps = (o, yRow, yImage);
            int first = stretch.FirstTap * G.GroupInChannels, span = stretch.Taps * G.GroupInChannels;
            if (XInVectors)
            {
                ConvWalk walk = ConvWalk.Over(stretch.End - stretch.Begin, oy1 - oy0, images, dySteps, xSteps);
                int j0 = Math.Max(firstPanel * PanelColumns, first) - first, j1 = Math.Min(lastPanel * PanelColumns, first + span) - first;
                ConvWeightTiles.Add(&walk, G.GroupOutChannels, j1 - j0, dyAt, xAt + j0, sums + first + j0, Pitch);
            }
            else
            {
                ConvWalk walk = ConvWalk.Over(stretch.End - stretch.Begin, oy1 - oy0, images, xSteps, dySteps);
                int j0 = firstPanel * PanelColumns, j1 = Math.Min(lastPanel * PanelColumns, G.GroupOutChannels);
                ConvWeightTiles.Add(&walk, span, j1 - j0, xAt, dyAt + j0, sums + ((nint)first * Pitch) + j0, Pitch);
            }
        }
    }
}
