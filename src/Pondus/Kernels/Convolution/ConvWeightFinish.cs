using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pondus.Kernels;

/// <summary>The last pass of a weight gradient: adds the parts in their order and writes the result as the weight is stored.</summary>
internal unsafe struct ConvWeightFinish
{
    // Neighbors in the stored weight that one unit writes: a line of the cache in every filter.
    private const int Block = 16;

    public ConvWeightJob Job;
    public float* Dw;
    public bool Add;

    /// <summary>Gets the number of units: a filter, or a block of all filters of a group.</summary>
    public readonly int Units => Job.G.Groups * GroupUnits;

    private readonly int FilterSize => Job.G.GroupInChannels * Job.G.Taps;

    private readonly int GroupUnits => Job.XInVectors ? Job.G.GroupOutChannels : (FilterSize + Block - 1) / Block;

    public static void RunUnit(int unit, void* state)
    {
        ref ConvWeightFinish finish = ref *(ConvWeightFinish*)state;
        int group = unit / finish.GroupUnits, local = unit - (group * finish.GroupUnits);
        ref readonly ConvGeometry g = ref finish.Job.G;
        float* dw = finish.Dw + ((nint)group * g.GroupOutChannels * finish.FilterSize);
        float* sums = finish.Job.Partials + (group * g.KernelHeight * finish.Job.MatrixSize);
        if (finish.Job.XInVectors)
        {
            finish.WriteFilter(sums + ((nint)local * finish.Job.Pitch), dw + ((nint)local * finish.FilterSize));
        }
        else
        {
            finish.WriteBlock(sums, local * Block, dw);
        }
    }

    private readonly void WriteFilter(float* sums, float* dw)
    {
        int taps = Job.G.Taps, channels = Job.G.GroupInChannels, span = Job.Span;
        float* row = Scratch.Panels(span);
        for (int ky = 0; ky < Job.G.KernelHeight; ky++)
        {
            SumParts(sums + (ky * Job.MatrixSize), row, span);
            for (int kx = 0; kx < Job.G.KernelWidth; kx++)
            {
                float* to = dw + (ky * Job.G.KernelWidth) + kx, from = row + (kx * channels);
                for (int i = 0; i < channels; i++, to += taps)
                {
                    *to = Add ? *to + from[i] : from[i];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void WriteBlock(float* sums, int first, float* dw)
    {
        int filters = Job.G.GroupOutChannels, size = FilterSize, count = Math.Min(Block, size - first), pitch = Job.Pitch;
        int taps = Job.G.Taps, width = Job.G.KernelWidth;
        float* block = Scratch.Panels(Block * (nint)pitch);
        for (int i = 0; i < count; i++)
        {
            int channel = (first + i) / taps, tap = first + i - (channel * taps), ky = tap / width, kx = tap - (ky * width);
            nint row = ((nint)kx * Job.G.GroupInChannels) + channel;
            SumParts(sums + (ky * Job.MatrixSize) + (row * pitch), block + ((nint)i * pitch), filters);
        }

        Transpose.Block(block, pitch, dw + first, size, count, filters, Add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void SumParts(float* from, float* to, int count)
    {
        nint partSize = Job.PartSize, end = Job.Parts * partSize;
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            Vector256<float> sum = Vector256.Load(from + i);
            for (nint part = partSize; part < end; part += partSize)
            {
                sum += Vector256.Load(from + part + i);
            }

            Vector256.Store(sum, to + i);
        }

        for (; i < count; i++)
        {
            float sum = from[i];
            for (nint part = partSize; part < end; part += partSize)
            {
                sum += from[part + i];
            }

            to[i] = sum;
        }
    }
}
