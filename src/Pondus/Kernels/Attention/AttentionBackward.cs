using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>The gradients of attention: scores and weights are computed again, block by block.</summary>
/// <remarks>
/// A unit owns the gradients of its keys, values and queries, and adds to them in a fixed order: bits do not depend on the number of threads.
/// Rows are visited from the last to the first: the last sees the most keys, so its contribution can be stored and the others added.
/// </remarks>
internal static unsafe class AttentionBackward
{
    /// <summary>Computes the gradients that are asked for; a layout without data asks for none.</summary>
    /// <param name="job">The job of the forward pass, with its output and statistics.</param>
    /// <param name="upstream">The output's gradient.</param>
    /// <param name="query">Receives the queries' gradient.</param>
    /// <param name="addQuery">Whether to add to it.</param>
    /// <param name="key">Receives the keys' gradient.</param>
    /// <param name="addKey">Whether to add to it.</param>
    /// <param name="value">Receives the values' gradient.</param>
    /// <param name="addValue">Whether to add to it.</param>
    public static void Run(in AttentionJob job, AttentionLayout upstream, AttentionLayout query, bool addQuery, AttentionLayout key, bool addKey, AttentionLayout value, bool addValue)
    {
        Kernel kernel = new() { Job = job, Upstream = upstream, Query = query, Key = key, Value = value, AddQuery = addQuery, AddKey = addKey, AddValue = addValue };
        Launch.Chunks(kernel, (nint)job.Batch * job.KeyHeads, 1);
    }

    private struct Kernel : IRangeKernel
    {
        public AttentionJob Job;
        public AttentionLayout Upstream;
        public AttentionLayout Query;
        public AttentionLayout Key;
        public AttentionLayout Value;
        public bool AddQuery;
        public bool AddKey;
        public bool AddValue;

        public readonly void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            for (nint unit = begin; unit < end; unit++)
            {
                Unit<TV>(unit / Job.KeyHeads, unit % Job.KeyHeads);
            }
        }

        private readonly void Unit<TV>(nint batch, nint keyHead)
            where TV : struct, IVector<TV>
        {
            int keys = Job.KeysOf(batch), seen = Job.Visible(Job.Queries - 1, keys);
            Room room = new(Job, seen);
            AttentionProduct.PackAcross(Job.Key.At(batch, keyHead), Job.Key.Token, seen, Job.Size, room.KeysAcross);
            AttentionProduct.PackAlong(Job.Key.At(batch, keyHead), Job.Key.Token, seen, Job.Size, room.KeysAlong);
            AttentionProduct.PackAcross(Job.Value.At(batch, keyHead), Job.Value.Token, seen, Job.ValueSize, room.ValuesAcross);
            for (int key = 0; key < Job.Keys; key += AttentionJob.KeyBlock)
            {
                int written = 0;
                for (int g = 0; g < Job.Group; g++)
                {
                    for (int block = Job.RowBlocks - 1; block >= 0; block--)
                    {
                        int row = block * AttentionJob.RowBlock, rows = Math.Min(AttentionJob.RowBlock, Job.Queries - row);
                        int width = Math.Min(AttentionJob.KeyBlock, Job.Visible(row + rows - 1, keys) - key);
                        if (width > 0)
                        {
                            Block<TV>(batch, (keyHead * Job.Group) + g, keyHead, row, rows, key, width, written > 0, seen, room);
                            written = Math.Max(written, width);
                        }
                        else if (key == 0 && !AddQuery && Query.Data != null)
                        {
                            Clear(Query.At(batch, (keyHead * Job.Group) + g), Query.Token, row, row + rows, Job.Size);
                        }
                    }
                }

                int end = Math.Min(Job.Keys, key + AttentionJob.KeyBlock);
                if (!AddKey && Key.Data != null)
                {
                    Clear(Key.At(batch, keyHead), Key.Token, key + written, end, Job.Size);
                }

                if (!AddValue && Value.Data != null)
                {
                    Clear(Value.At(batch, keyHead), Value.Token, key + written, end, Job.ValueSize);
                }
            }

            if (Job.Keys == 0 && !AddQuery && Query.Data != null)
            {
                for (int g = 0; g < Job.Group; g++)
                {
                    Clear(Query.At(batch, (keyHead * Job.Group) + g), Query.Token, 0, Job.Queries, Job.Size);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Block<TV>(nint batch, nint head, nint keyHead, int row, int rows, int key, int width, bool again, int packed, in Room room)
            where TV : struct, IVector<TV>
        {
            int size = Job.Size, valueSize = Job.ValueSize;
            float* query = Job.Query.At(batch, head) + (row * Job.Query.Token), output = Job.Output.At(batch, head) + (row * Job.Output.Token);
            float* upstream = Upstream.At(batch, head) + (row * Upstream.Token);
            float* scores = room.Scores, gradients = room.Gradients;
            nint stride = room.Stride, place = (((batch * Job.Heads) + head) * Job.Queries) + row;
            AttentionProduct.Multiply(rows, width, size, query, Job.Query.Token, false, room.KeysAcross + ((nint)key * size), size, scores, stride, false);
            AttentionProduct.Multiply(rows, width, valueSize, upstream, Upstream.Token, false, room.ValuesAcross + ((nint)key * valueSize), valueSize, gradients, stride, false);
            int keys = Job.KeysOf(batch);
            for (int r = 0; r < rows; r++)
            {
                float* kept = null;
                if (Job.Rate > 0)
                {
                    kept = room.Kept;
                    AttentionRows.Draw<TV>(kept, width, Job.Rate, Job.RandomKey, Job.CounterAt(batch, head, row + r, key));
                }

                float product = AttentionRows.Dot<TV>(output + (r * Job.Output.Token), upstream + (r * Upstream.Token), valueSize);
                int visible = Math.Clamp(Job.Visible(row + r, keys) - key, 0, width);
                AttentionRows.Gradient<TV>(
                    scores + (r * stride), gradients + (r * stride), visible, width, Job.Scale, Job.MaskAt(batch, head, row + r, key), kept, Job.Statistics[place + r], product);
            }

            if (Query.Data != null)
            {
                float* d = Query.At(batch, head) + (row * Query.Token);
                AttentionProduct.Multiply(rows, size, width, gradients, stride, false, room.KeysAlong + ((nint)key * GemmJob.TileColumns), packed, d, Query.Token, AddQuery || key > 0);
            }

            if (Key.Data != null)
            {
                float* d = Key.At(batch, keyHead) + (key * Key.Token);
                AttentionProduct.PackAlong(query, Job.Query.Token, rows, size, room.Rows);
                AttentionProduct.Multiply(width, size, rows, gradients, stride, true, room.Rows, rows, d, Key.Token, AddKey || again);
            }

            if (Value.Data != null)
            {
                float* d = Value.At(batch, keyHead) + (key * Value.Token);
                AttentionProduct.PackAlong(upstream, Upstream.Token, rows, valueSize, room.Rows);
                AttentionProduct.Multiply(width, valueSize, rows, scores, stride, true, room.Rows, rows, d, Value.Token, AddValue || again);
            }
        }

        private static void Clear(float* vectors, nint stride, int begin, int end, int size)
        {
            for (int i = begin; i < end; i++)
            {
                new Span<float>(vectors + (i * stride), size).Clear();
            }
        }
    }

    /// <summary>The working memory of a unit.</summary>
    private readonly struct Room
    {
        public readonly float* KeysAcross;
        public readonly float* KeysAlong;
        public readonly float* ValuesAcross;
        public readonly float* Rows;
        public readonly float* Kept;
        public readonly float* Scores;
        public readonly float* Gradients;
        public readonly nint Stride;

        public Room(in AttentionJob job, int keys)
        {
            Stride = Math.Min(keys, AttentionJob.KeyBlock) + 31 & ~15;
            nint across = AttentionProduct.Room(keys, job.Size), along = AttentionProduct.Room(job.Size, keys), values = AttentionProduct.Room(keys, job.ValueSize);
            nint rows = AttentionProduct.Room(Math.Max(job.Size, job.ValueSize), AttentionJob.RowBlock), block = Stride * AttentionJob.RowBlock;
            KeysAcross = Scratch.Operands(across + along + values + rows + (2 * AttentionJob.KeyBlock) + (2 * block));
            KeysAlong = KeysAcross + across;
            ValuesAcross = KeysAlong + along;
            Rows = ValuesAcross + values;
            Kept = Rows + rows;
            Scores = Kept + (2 * AttentionJob.KeyBlock);
            Gradients = Scores + block;
        }
    }
}
