using Pondus.Kernels;

namespace Pondus;

/// <summary>Attention over queries, keys and values in any of the layouts that layers have them in.</summary>
internal sealed unsafe class AttentionOperation : Operation
{
    private static readonly AttentionOperation s_instance = new();

    private AttentionOperation()
    {
    }

    /// <summary>Where the operands lie.</summary>
    private enum Form
    {
        /// <summary>Three tensors (batch, heads, tokens, size).</summary>
        HeadsFirst,

        /// <summary>Three tensors (batch, tokens, heads x size).</summary>
        TokensFirst,

        /// <summary>One tensor (batch, tokens, all queries, then all keys, then all values).</summary>
        Packed,
    }

    /// <summary>Attention over three tensors with an axis for heads, or without.</summary>
    public static Tensor Apply(Tensor query, Tensor key, Tensor value, in AttentionOptions options)
    {
        Shape q = query.Shape, k = key.Shape, v = value.Shape;
        bool fits = q.Rank is 3 or 4 && k.Rank == q.Rank && v.Rank == q.Rank && q[0] == k[0] && k[0] == v[0] && q.Last == k.Last && k[^2] == v[^2];
        int heads = fits && q.Rank == 4 ? q[1] : 1, keyHeads = fits && q.Rank == 4 ? k[1] : 1;
        if (!fits || (q.Rank == 4 && v[1] != keyHeads) || keyHeads == 0 || heads % keyHeads != 0)
        {
            throw new ShapeException($"ScaledDotProductAttention: expected queries (batch, heads, queries, size), keys (batch, key heads, keys, size) and values (batch, key heads, keys, value size), got {q}, {k} and {v}.");
        }

        AttentionJob job = Job(q[0], heads, keyHeads, q[^2], k[^2], q.Last, v.Last, options);
        DrawFrom(ref job, options);
        return Run(ref job, Form.HeadsFirst, query.Use(), key.Use(), value.Use(), q.With(q.Rank - 1, v.Last), options.Mask);
    }

    /// <summary>Attention over three projections (batch, tokens, heads x size); the caller has checked the sizes.</summary>
    public static Tensor ApplyTokensFirst(Tensor query, Tensor key, Tensor value, int heads, int keyHeads, in AttentionOptions options, ulong dropoutKey, ulong dropoutCounter)
    {
        Node q = query.Use(), k = key.Use(), v = value.Use();
        AttentionJob job = Job(q.Shape[0], heads, keyHeads, q.Shape[1], k.Shape[1], q.Shape.Last / heads, v.Shape.Last / keyHeads, options);
        (job.Rate, job.RandomKey, job.Counter) = (options.DropoutRate, dropoutKey, dropoutCounter);
        return Run(ref job, Form.TokensFirst, q, k, v, [job.Batch, job.Queries, heads * job.ValueSize], options.Mask);
    }

    /// <summary>Self-attention over one projection (batch, tokens, (heads + 2 key heads) x size); the caller has checked the sizes.</summary>
    public static Tensor ApplyPacked(Tensor packed, int heads, int keyHeads, in AttentionOptions options, ulong dropoutKey, ulong dropoutCounter)
    {
        Node x = packed.Use();
        int size = x.Shape.Last / (heads + (2 * keyHeads));
        AttentionJob job = Job(x.Shape[0], heads, keyHeads, x.Shape[1], x.Shape[1], size, size, options);
        (job.Rate, job.RandomKey, job.Counter) = (options.DropoutRate, dropoutKey, dropoutCounter);
        return Run(ref job, Form.Packed, x, null, null, [job.Batch, job.Queries, heads * size], options.Mask);
    }

    /// <summary>Self-attention of new tokens, packed as above, to those in a cache and to themselves; the cache takes them in. Never recorded.</summary>
    public static Tensor ApplyCached(Tensor packed, int heads, int keyHeads, KeyValueCache cache, in AttentionOptions options)
    {
        Node x = packed.Use();
        int size = x.Shape.Last / (heads + (2 * keyHeads)), past = cache.Length;
        AttentionJob job = Job(x.Shape[0], heads, keyHeads, x.Shape[1], past + x.Shape[1], size, size, options);
        job.Offset = past;
        Layouts(ref job, Form.Packed, x.Data, null, null);
        cache.Append(job.Key, job.Value, job.Queries);
        job.Key = cache.Keys;
        job.Value = cache.Values;
        Node y = Tape.Result([job.Batch, job.Queries, heads * size], s_instance, x);
        job.Output = AttentionLayout.TokensFirst(y.Data, job.Queries, heads * size, size);
        Node? mask = Mask(ref job, options.Mask);
        int* lengths = stackalloc int[options.KeyLengths.Length];
        options.KeyLengths.Span.CopyTo(new Span<int>(lengths, options.KeyLengths.Length));
        job.Lengths = options.KeyLengths.IsEmpty ? null : lengths;
        AttentionForward.Run(job);
        GC.KeepAlive(mask);
        GC.KeepAlive(cache);
        GC.KeepAlive(x);
        return new Tensor(y);
    }

    public override string Describe(GraphSketch sketch, Node result)
    {
        AttentionJob job = *(AttentionJob*)result.State.Saved;
        if (job.Lengths != null)
        {
            throw new NotSupportedException("attention over sequences of given lengths");
        }

        (string q, string k, string v) = Inputs(sketch, result, job);
        if (job.Heads != job.KeyHeads)
        {
            k = Repeated(sketch, k, job, job.Size);
            v = Repeated(sketch, v, job, job.ValueSize);
        }

        string scores = sketch.Emit("MatMul", [sketch.Emit("Mul", [q, sketch.Number(job.Scale)]), sketch.Permute(k, 0, 1, 3, 2)]);
        if (job.Causal)
        {
            float[] mask = new float[job.Queries * job.Keys];
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = (i % job.Keys) > (i / job.Keys) + job.Offset ? float.NegativeInfinity : 0f;
            }

            scores = sketch.Emit("Add", [scores, sketch.Constant(mask, [job.Queries, job.Keys])]);
        }

        scores = result.State.Object is Node given ? sketch.Emit("Add", [scores, sketch.Of(given)]) : scores;
        string y = sketch.Emit("MatMul", [sketch.Emit("Softmax", [scores], [new("axis", -1L)]), v]);
        return (Form)result.State.I0 == Form.HeadsFirst
            ? sketch.Reshape(y, result.Shape)
            : sketch.Reshape(sketch.Permute(y, 0, 2, 1, 3), result.Shape);
    }

    // Queries, keys and values as (batch, heads, tokens, size).
    private static (string Query, string Key, string Value) Inputs(GraphSketch sketch, Node result, in AttentionJob job)
    {
        Shape q = [job.Batch, job.Heads, job.Queries, job.Size], k = [job.Batch, job.KeyHeads, job.Keys, job.Size], v = [job.Batch, job.KeyHeads, job.Keys, job.ValueSize];
        string x = sketch.Of(result.A!);
        switch ((Form)result.State.I0)
        {
            case Form.HeadsFirst:
                return (sketch.Reshape(x, q), sketch.Reshape(sketch.Of(result.B!), k), sketch.Reshape(sketch.Of(result.C!), v));
            case Form.TokensFirst:
                return (HeadsFirst(sketch, x, q), HeadsFirst(sketch, sketch.Of(result.B!), k), HeadsFirst(sketch, sketch.Of(result.C!), v));
            default:
                long width = (long)job.Heads * job.Size, keyWidth = (long)job.KeyHeads * job.Size;
                return (HeadsFirst(sketch, Part(sketch, x, 0, width), q), HeadsFirst(sketch, Part(sketch, x, width, keyWidth), k), HeadsFirst(sketch, Part(sketch, x, width + keyWidth, keyWidth), v));
        }
    }

    private static string Part(GraphSketch sketch, string x, long start, long length) =>
        sketch.Emit("Slice", [x, sketch.Integers(start), sketch.Integers(start + length), sketch.Integers(-1)]);

    private static string HeadsFirst(GraphSketch sketch, string x, in Shape shape) =>
        sketch.Permute(sketch.Reshape(x, [shape[0], shape[2], shape[1], shape[3]]), 0, 2, 1, 3);

    // Each head of keys serves several of queries.
    private static string Repeated(GraphSketch sketch, string x, in AttentionJob job, int size)
    {
        int times = job.Heads / job.KeyHeads;
        string apart = sketch.Reshape(x, [job.Batch, job.KeyHeads, 1, job.Keys, size]);
        string repeated = sketch.Emit("Concat", [.. Enumerable.Repeat(apart, times)], [new("axis", 2L)]);
        return sketch.Reshape(repeated, [job.Batch, job.Heads, job.Keys, size]);
    }

    public override void Backward(Tape tape, Node y)
    {
        AttentionJob job = *(AttentionJob*)y.State.Saved;
        AttentionJob gradients = job;
        Form form = (Form)y.State.I0;
        Node q = y.A!, k = y.B ?? q, v = y.C ?? q;
        float* dq = q.NeedsGradient ? tape.GradientOf(q, out bool addQuery) : Nothing(out addQuery);
        if (form == Form.Packed)
        {
            Layouts(ref gradients, form, dq, null, null);
            Run(job, gradients, y, addQuery, addQuery, addQuery);
            return;
        }

        // Where one tensor is two of the three, the later gradient goes through memory of its own: storing would undo the first.
        bool keyAgain = k == q, valueAgain = v == q || v == k;
        float* dk = !k.NeedsGradient ? Nothing(out bool addKey) : keyAgain ? Fresh(tape, k, out addKey) : tape.GradientOf(k, out addKey);
        float* dv = !v.NeedsGradient ? Nothing(out bool addValue) : valueAgain ? Fresh(tape, v, out addValue) : tape.GradientOf(v, out addValue);
        Layouts(ref gradients, form, dq, dk, dv);
        Run(job, gradients, y, addQuery, addKey, addValue);
        AddUp(tape, k, keyAgain ? dk : null);
        AddUp(tape, v, valueAgain ? dv : null);
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
    }

    private static void Run(in AttentionJob job, in AttentionJob gradients, Node y, bool addQuery, bool addKey, bool addValue)
    {
        AttentionLayout upstream = job.Output;
        upstream.Data = y.Gradient;
        AttentionBackward.Run(job, upstream, gradients.Query, addQuery, gradients.Key, addKey, gradients.Value, addValue);
        GC.KeepAlive(y.State.Object);
    }

    private static Tensor Run(ref AttentionJob job, Form form, Node q, Node? k, Node? v, in Shape shape, Tensor? mask)
    {
        Node y = Tape.Result(shape, s_instance, q, k, v);
        Layouts(ref job, form, q.Data, k is null ? null : k.Data, v is null ? null : v.Data);
        job.Output = form == Form.HeadsFirst
            ? AttentionLayout.HeadsFirst(y.Data, job.Heads, job.Queries, job.ValueSize)
            : AttentionLayout.TokensFirst(y.Data, job.Queries, job.Heads * job.ValueSize, job.ValueSize);
        y.State.Object = Mask(ref job, mask);
        if (y.NeedsGradient)
        {
            job.Statistics = Tape.Scratch(job.Batch * job.Heads * job.Queries, out float[] home);
            AttentionJob* kept = (AttentionJob*)Tape.Scratch((sizeof(AttentionJob) + sizeof(float) - 1) / sizeof(float), out _);
            *kept = job;
            y.State.Saved = (float*)kept;
            y.State.I0 = (int)form;
            GC.KeepAlive(home);
        }

        AttentionForward.Run(job);
        GC.KeepAlive(y.State.Object);
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        return new Tensor(y);
    }

    private static AttentionJob Job(int batch, int heads, int keyHeads, int queries, int keys, int size, int valueSize, in AttentionOptions options)
    {
        if (!options.KeyLengths.IsEmpty && options.KeyLengths.Length != batch)
        {
            throw new ShapeException($"Attention: expected a length for each of {batch} samples, got {options.KeyLengths.Length}.");
        }

        AttentionJob job = default;
        job.Batch = batch;
        job.Heads = heads;
        job.KeyHeads = keyHeads;
        job.Queries = queries;
        job.Keys = keys;
        job.Size = size;
        job.ValueSize = valueSize;
        job.Scale = options.Scale ?? (float)(1 / Math.Sqrt(Math.Max(1, size)));
        job.Causal = options.Causal;
        if (!options.KeyLengths.IsEmpty)
        {
            job.Lengths = (int*)Tape.Scratch(batch, out float[] home);
            options.KeyLengths.Span.CopyTo(new Span<int>(job.Lengths, batch));
            GC.KeepAlive(home);
        }

        return job;
    }

    private static void Layouts(ref AttentionJob job, Form form, float* q, float* k, float* v)
    {
        int width = job.Heads * job.Size, keyWidth = job.KeyHeads * job.Size, valueWidth = job.KeyHeads * job.ValueSize;
        switch (form)
        {
            case Form.HeadsFirst:
                job.Query = AttentionLayout.HeadsFirst(q, job.Heads, job.Queries, job.Size);
                job.Key = AttentionLayout.HeadsFirst(k, job.KeyHeads, job.Keys, job.Size);
                job.Value = AttentionLayout.HeadsFirst(v, job.KeyHeads, job.Keys, job.ValueSize);
                break;
            case Form.TokensFirst:
                job.Query = AttentionLayout.TokensFirst(q, job.Queries, width, job.Size);
                job.Key = AttentionLayout.TokensFirst(k, job.Keys, keyWidth, job.Size);
                job.Value = AttentionLayout.TokensFirst(v, job.Keys, valueWidth, job.ValueSize);
                break;
            default:
                int all = width + keyWidth + valueWidth;
                job.Query = AttentionLayout.TokensFirst(q, job.Queries, all, job.Size);
                job.Key = AttentionLayout.TokensFirst(q + width, job.Queries, all, job.Size);
                job.Value = AttentionLayout.TokensFirst(q + width + keyWidth, job.Queries, all, job.ValueSize);
                break;
        }
    }

    private static Node? Mask(ref AttentionJob job, Tensor? mask)
    {
        if (mask is not { } given)
        {
            return null;
        }

        Node m = given.Use();
        Shape shape = m.Shape;
        ReadOnlySpan<int> full = [job.Batch, job.Heads, job.Queries, job.Keys];
        bool fits = shape.Rank <= 4 && shape.Rank > 0 && shape.Last == job.Keys;
        for (int axis = 0; fits && axis < shape.Rank; axis++)
        {
            fits = shape[^(axis + 1)] == full[3 - axis] || shape[^(axis + 1)] == 1;
        }

        if (!fits)
        {
            throw new ShapeException($"Attention: expected a mask that broadcasts to (batch, heads, queries, keys) = ({job.Batch}, {job.Heads}, {job.Queries}, {job.Keys}), its last axis whole, got {shape}.");
        }

        int rows = shape.Rank > 1 ? shape[^2] : 1, heads = shape.Rank > 2 ? shape[^3] : 1, batch = shape.Rank > 3 ? shape[^4] : 1;
        job.Mask = m.Data;
        job.MaskRow = rows == 1 ? 0 : job.Keys;
        job.MaskHead = heads == 1 ? 0 : (nint)rows * job.Keys;
        job.MaskBatch = batch == 1 ? 0 : (nint)heads * rows * job.Keys;
        return m;
    }

    private static void DrawFrom(ref AttentionJob job, in AttentionOptions options)
    {
        if (options.DropoutRate is not (>= 0f and < 1f) || (options.DropoutRate > 0f && options.DropoutRandom is null))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.DropoutRate, $"ScaledDotProductAttention: expected a dropout rate in [0, 1) and a stream where it is above 0, got {options.DropoutRate}.");
        }

        if (options.DropoutRate > 0f)
        {
            // Whole blocks of four numbers, as many as the mask takes, so that the next mask shares none of them.
            RandomSource random = options.DropoutRandom!;
            job.Rate = options.DropoutRate;
            job.RandomKey = random.Key;
            job.Counter = (random.Position + 3) >> 2;
            random.Position = job.CounterAt(job.Batch, 0, 0, 0) << 2;
        }
    }

    private static float* Nothing(out bool add)
    {
        add = false;
        return null;
    }

    private static float* Fresh(Tape tape, Node node, out bool add)
    {
        add = false;
        return tape.Rent(node.Count);
    }

    private static void AddUp(Tape tape, Node node, float* gradient)
    {
        if (gradient != null)
        {
            tape.AddGradient(node, gradient);
            tape.Return(gradient, node.Count);
        }
    }
}
