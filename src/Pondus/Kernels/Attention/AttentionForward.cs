using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Attention: each query's mean of the values, weighted by the softmax of its scores with the keys.</summary>
/// <remarks>
/// Source: Dao et al. 2022, arXiv:2205.14135: the maximum and the sum of a row are brought up to date block by block, so the scores are never stored.
/// A query without any key to see gives 0.
/// </remarks>
internal static unsafe class AttentionForward
{
    /// <summary>Computes the outputs, and the statistics for the backward pass unless they are null.</summary>
    public static void Run(in AttentionJob job)
    {
        // A few rows do not repay packing.
        if (job.Queries * job.Group < GemmJob.TileRows)
        {
            Launch.Rows(new RowKernel { Job = job }, (nint)job.Batch * job.Heads * job.Queries, (nint)job.Keys * job.Size / 4);
        }
        else
        {
            Launch.Chunks(new BlockKernel { Job = job, Parts = job.Parts }, (nint)job.Batch * job.KeyHeads * job.Parts, 1);
        }
    }

    private static void Finish<TV>(in AttentionJob job, float* output, nint place, float maximum, float sum)
        where TV : struct, IVector<TV>
    {
        AttentionRows.Scale<TV>(output, job.ValueSize, sum > 0 || float.IsNaN(sum) ? 1 / sum : 0f);
        if (job.Statistics != null)
        {
            job.Statistics[place] = sum > 0 || float.IsNaN(sum) ? maximum + MathF.Log(sum) : float.PositiveInfinity;
        }
    }

    private struct BlockKernel : IRangeKernel
    {
        public AttentionJob Job;
        public int Parts;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint unit = begin; unit < end; unit++)
            {
                nint part = unit % Parts, keyHead = unit / Parts % Job.KeyHeads, batch = unit / Parts / Job.KeyHeads;
                Unit<TV>(batch, keyHead, (int)(Job.RowBlocks * part / Parts), (int)(Job.RowBlocks * (part + 1) / Parts));
            }
        }

        private readonly void Unit<TV>(nint batch, nint keyHead, int firstBlock, int endBlock)
            where TV : struct, IVector<TV>
        {
            int keys = Job.Visible(Math.Min(Job.Queries, endBlock * AttentionJob.RowBlock) - 1, Job.KeysOf(batch));
            nint room = AttentionProduct.Room(keys, Job.Size), stride = Math.Min(keys, AttentionJob.KeyBlock) + 31 & ~15;
            float* across = Scratch.Operands(room + AttentionProduct.Room(Job.ValueSize, keys) + ((stride + 2) * AttentionJob.RowBlock) + (2 * AttentionJob.KeyBlock) + 64);
            float* along = across + room, kept = along + AttentionProduct.Room(Job.ValueSize, keys), running = kept + (2 * AttentionJob.KeyBlock);
            float* scores = running + (2 * AttentionJob.RowBlock);
            AttentionProduct.PackAcross(Job.Key.At(batch, keyHead), Job.Key.Token, keys, Job.Size, across);
            AttentionProduct.PackAlong(Job.Value.At(batch, keyHead), Job.Value.Token, keys, Job.ValueSize, along);
            for (int g = 0; g < Job.Group; g++)
            {
                for (int block = firstBlock; block < endBlock; block++)
                {
                    int row = block * AttentionJob.RowBlock;
                    Rows<TV>(batch, (keyHead * Job.Group) + g, row, Math.Min(AttentionJob.RowBlock, Job.Queries - row), keys, across, along, scores, stride, running, kept);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Rows<TV>(nint batch, nint head, int row, int rows, int packed, float* across, float* along, float* scores, nint stride, float* running, float* kept)
            where TV : struct, IVector<TV>
        {
            int visible = Job.KeysOf(batch), most = Job.Visible(row + rows - 1, visible), size = Job.Size, valueSize = Job.ValueSize;
            float* query = Job.Query.At(batch, head) + (row * Job.Query.Token), output = Job.Output.At(batch, head) + (row * Job.Output.Token);
            float* maximum = running, sum = running + AttentionJob.RowBlock;
            for (int r = 0; r < rows; r++)
            {
                maximum[r] = float.NegativeInfinity;
                sum[r] = 0;
                if (most == 0)
                {
                    new Span<float>(output + (r * Job.Output.Token), valueSize).Clear();
                }
            }

            for (int key = 0; key < most; key += AttentionJob.KeyBlock)
            {
                int width = Math.Min(AttentionJob.KeyBlock, most - key);
                AttentionProduct.Multiply(rows, width, size, query, Job.Query.Token, false, across + ((nint)key * size), size, scores, stride, false);
                for (int r = 0; r < rows; r++)
                {
                    float* line = scores + (r * stride);
                    int seen = Math.Clamp(Job.Visible(row + r, visible) - key, 0, width);
                    float correction = AttentionRows.Exponentials<TV>(line, seen, width, Job.Scale, Job.MaskAt(batch, head, row + r, key), ref maximum[r], ref sum[r]);
                    if (Job.Rate > 0)
                    {
                        AttentionRows.Draw<TV>(kept, width, Job.Rate, Job.RandomKey, Job.CounterAt(batch, head, row + r, key));
                        AttentionRows.Multiply<TV>(line, kept, width);
                    }

                    if (key > 0)
                    {
                        AttentionRows.Scale<TV>(output + (r * Job.Output.Token), valueSize, correction);
                    }
                }

                AttentionProduct.Multiply(rows, valueSize, width, scores, stride, false, along + ((nint)key * GemmJob.TileColumns), packed, output, Job.Output.Token, key > 0);
            }

            nint place = (((batch * Job.Heads) + head) * Job.Queries) + row;
            for (int r = 0; r < rows; r++)
            {
                Finish<TV>(Job, output + (r * Job.Output.Token), place + r, maximum[r], sum[r]);
            }
        }
    }

    private struct RowKernel : IRangeKernel
    {
        public AttentionJob Job;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint place = begin; place < end; place++)
            {
                int row = (int)(place % Job.Queries);
                nint head = place / Job.Queries % Job.Heads, batch = place / Job.Queries / Job.Heads;
                Row<TV>(batch, head, row, place);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Row<TV>(nint batch, nint head, int row, nint place)
            where TV : struct, IVector<TV>
        {
            int visible = Job.Visible(row, Job.KeysOf(batch)), valueSize = Job.ValueSize;
            nint token = Job.Key.Token, valueToken = Job.Value.Token;
            float* scores = Scratch.Operands(visible + (2 * AttentionJob.KeyBlock)), kept = scores + visible;
            float* query = Job.Query.At(batch, head) + (row * Job.Query.Token), output = Job.Output.At(batch, head) + (row * Job.Output.Token);
            float* keys = Job.Key.At(batch, head / Job.Group), values = Job.Value.At(batch, head / Job.Group);
            for (int key = 0; key < visible; key++)
            {
                scores[key] = AttentionRows.Dot<TV>(query, keys + (key * token), Job.Size);
            }

            float maximum = float.NegativeInfinity, sum = 0;
            AttentionRows.Exponentials<TV>(scores, visible, visible, Job.Scale, Job.MaskAt(batch, head, row, 0), ref maximum, ref sum);
            for (int key = 0; Job.Rate > 0 && key < visible; key += AttentionJob.KeyBlock)
            {
                int width = Math.Min(AttentionJob.KeyBlock, visible - key);
                AttentionRows.Draw<TV>(kept, width, Job.Rate, Job.RandomKey, Job.CounterAt(batch, head, row, key));
                AttentionRows.Multiply<TV>(scores + key, kept, width);
            }

            for (nint j = 0; j < valueSize; j += TV.Count)
            {
                nint n = Math.Min(TV.Count, valueSize - j);
                TV even = TV.Create(0f), odd = even;
                float* v = values + j;
                int key = 0;
                if (n == TV.Count)
                {
                    for (; key < visible - 1; key += 2, v += 2 * valueToken)
                    {
                        even = TV.Fma(TV.Create(scores[key]), TV.Load(v), even);
                        odd = TV.Fma(TV.Create(scores[key + 1]), TV.Load(v + valueToken), odd);
                    }
                }

                for (; key < visible; key++, v += valueToken)
                {
                    even = TV.Fma(TV.Create(scores[key]), TV.LoadPartial(v, n), even);
                }

                TV.StorePartial(output + j, n, even + odd);
            }

            Finish<TV>(Job, output, place, maximum, sum);
        }
    }
}
