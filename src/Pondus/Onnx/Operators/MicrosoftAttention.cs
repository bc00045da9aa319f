namespace Pondus.Onnx.Operators;

/// <summary>onnxruntime's attention operators, such as its optimizer makes of a transformer's nodes.</summary>
internal static class MicrosoftAttention
{
    internal static void Register(OnnxOperators table)
    {
        Add("Attention", Attention);
        Add("MultiHeadAttention", MultiHead);
        Add("GroupQueryAttention", GroupQuery);
        Add("RotaryEmbedding", static call => [Rotate(call)]);

        void Add(string type, OnnxOperator operation) => table.Add(MicrosoftOperators.Domain, type, OnnxWidening.Wrap(operation));
    }

    /// <summary>Projects x (batch, time, in) to queries, keys and values by one matrix, and attends.</summary>
    private static OnnxValue?[] Attention(OnnxCall call)
    {
        OnnxValue x = call.InputOfRank(0, 3, "batch, time, in"), w = call.InputOfRank(1, 2, "in, 3 * hidden");
        int heads = HeadCount(call, "num_heads"), batch = x.Shape[0], time = x.Shape[1];
        long[] hidden = call.Ints("qkv_hidden_sizes") ?? [w.Shape[1] / 3, w.Shape[1] / 3, w.Shape[1] / 3];
        if (w.Shape[0] != x.Shape[2] || hidden.Length != 3 || hidden.Sum() != w.Shape[1] || Array.Exists(hidden, size => size < 0 || size % heads != 0) || call.Int("do_rotary", 0) != 0)
        {
            throw call.Error($"expected weights (in, 3 * hidden) for {heads} heads without rotary positions, got {w} for {x}.");
        }

        Tensor all = x.AsTensor().MatMul(w.AsTensor());
        all = call.Optional(2) is { } bias ? all + bias.AsTensor() : all;
        Tensor[] parts = new Tensor[3];
        for (int i = 0, start = 0; i < 3; start += (int)hidden[i++])
        {
            parts[i] = Split(all.Slice(2, start, (int)hidden[i]), heads);
        }

        int past = 0;
        if (call.Optional(4) is { Count: > 0 } cache)
        {
            Tensor both = cache.AsTensor();
            past = cache.Shape[3];
            parts[1] = Tensor.Concatenate(2, Half(both, 0), parts[1]);
            parts[2] = Tensor.Concatenate(2, Half(both, 1), parts[2]);
        }

        Tensor? mask = Padding(call, call.Optional(3), batch, time, time + past);
        Tensor y = Attend(call, parts[0], parts[1], parts[2], Causal(call, Sum(mask, call.Optional(5)), time, past));
        bool isEven = hidden[1] == hidden[2];
        return [OnnxValue.Of(y), isEven ? OnnxValue.Of(Tensor.Stack(0, parts[1], parts[2])) : null];

        static Tensor Half(Tensor both, int index) => both.Slice(0, index, 1).Reshape(both.Shape.Without(0));
    }

    private static OnnxValue?[] MultiHead(OnnxCall call)
    {
        int heads = HeadCount(call, "num_heads");
        OnnxValue query = call.Input(0);
        Tensor q, k, v;
        if (query.Rank == 5)
        {
            // (batch, time, heads, 3, size)
            Tensor[] parts = [.. Enumerable.Range(0, 3).Select(i => query.AsTensor().Slice(3, i, 1).Reshape([query.Shape[0], query.Shape[1], heads, query.Shape[4]]).Permute(0, 2, 1, 3))];
            (q, k, v) = (parts[0], parts[1], parts[2]);
        }
        else
        {
            q = Biased(call, 0, 0, heads);
            int width = call.Input(0).Shape[2];
            k = call.Input(1).Rank == 4 ? call.Input(1).AsTensor() : Biased(call, 1, width, heads);
            v = call.Input(2).Rank == 4 ? call.Input(2).AsTensor() : Biased(call, 2, 2 * width, heads);
        }

        int past = 0;
        if (call.Optional(6) is { Count: > 0 } pastKey && call.Optional(7) is { Count: > 0 } pastValue)
        {
            past = pastKey.Shape[2];
            k = Tensor.Concatenate(2, pastKey.AsTensor(), k);
            v = Tensor.Concatenate(2, pastValue.AsTensor(), v);
        }

        Tensor? mask = Padding(call, call.Optional(4), q.Shape[0], q.Shape[2], k.Shape[2]);
        Tensor y = Attend(call, q, k, v, Causal(call, Sum(mask, call.Optional(5)), q.Shape[2], past));
        return [OnnxValue.Of(y), OnnxValue.Of(k), OnnxValue.Of(v)];
    }

    /// <summary>Causal attention whose queries share keys in groups, over a cache with each row's own number of valid places.</summary>
    private static OnnxValue?[] GroupQuery(OnnxCall call)
    {
        int heads = HeadCount(call, "num_heads"), groups = HeadCount(call, "kv_num_heads");
        OnnxValue query = call.InputOfRank(0, 3, "batch, time, heads * size");
        int batch = query.Shape[0], time = query.Shape[1];
        bool isPacked = call.Optional(1) is null;
        int size = query.Shape[2] / (isPacked ? heads + (2 * groups) : heads);
        if (call.Int("smooth_softmax", 0) != 0 || call.Int("local_window_size", -1) != -1 || heads % groups != 0)
        {
            throw call.Error($"expected whole groups of heads that see all places before theirs, got {heads} heads in {groups} groups and other settings.");
        }

        Tensor packed = query.AsTensor();
        Tensor q = Split(isPacked ? packed.Slice(2, 0, heads * size) : packed, heads);
        Tensor k = Split(isPacked ? packed.Slice(2, heads * size, groups * size) : call.Input(1).AsTensor(), groups);
        Tensor v = Split(isPacked ? packed.Slice(2, (heads + groups) * size, groups * size) : call.Input(2).AsTensor(), groups);
        int[] last = Elements.Ints(call.Input(5));
        int total = call.Size(call.Input(6)), room = Math.Max(total, call.Optional(3) is { Count: > 0 } before ? before.Shape[2] : 0);
        if (last.Length != batch || Array.Exists(last, place => place < 0 || place >= total) || total < time)
        {
            throw call.Error($"expected {batch} last places below the total of {total}, got {string.Join(", ", last)}.");
        }

        // In the first run all rows begin at 0; later the new places are each row's last.
        int[] starts = Array.ConvertAll(last, place => total == time ? 0 : place + 1 - time);
        if (call.Int("do_rotary", 0) != 0)
        {
            int[] positions = [.. starts.SelectMany(start => Enumerable.Range(Math.Max(0, start), time))];
            bool interleaved = call.Int("rotary_interleaved", 0) != 0;
            q = Turn(call, q, positions, call.Input(7), call.Input(8), interleaved);
            k = Turn(call, k, positions, call.Input(7), call.Input(8), interleaved);
        }

        OnnxValue keys = Cache(call, call.Optional(3), OnnxValue.Of(k), starts, room), values = Cache(call, call.Optional(4), OnnxValue.Of(v), starts, room);
        float[] mask = new float[call.Product([batch, time, room])];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = i % room <= starts[i / (time * room)] + (i / room % time) ? 0 : float.NegativeInfinity;
        }

        int[] owner = [.. Enumerable.Range(0, heads).Select(head => head / (heads / groups))];
        Tensor y = Attend(call, q, EngineValues.PickAlong(keys, 1, owner).AsTensor(), EngineValues.PickAlong(values, 1, owner).AsTensor(), Tensor.Of(mask, [batch, 1, time, room]));
        return [OnnxValue.Of(y), keys, values];
    }

    /// <summary>The cache with new places put in, from each row's own start on.</summary>
    private static OnnxValue Cache(OnnxCall call, OnnxValue? past, OnnxValue fresh, int[] starts, int room)
    {
        int batch = fresh.Shape[0], groups = fresh.Shape[1], time = fresh.Shape[2], size = fresh.Shape[3], old = past is { Count: > 0 } ? past.Shape[2] : 0;
        int[] shape = [batch, groups, room, size];
        float[] y = new float[call.Product(shape)], x = fresh.Data<float>(), before = old == 0 ? [] : past!.Data<float>();
        if (old > 0 && !past!.Shape.AsSpan().SequenceEqual([batch, groups, old, size]))
        {
            throw call.Error($"expected a cache ({batch}, {groups}, places, {size}), got {past}.");
        }

        for (int row = 0; row < batch * groups; row++)
        {
            before.AsSpan(row * old * size, old * size).CopyTo(y.AsSpan(row * room * size));
            int start = Math.Max(0, starts[row / groups]), count = Math.Min(time, room - start);
            x.AsSpan(row * time * size, count * size).CopyTo(y.AsSpan(((row * room) + start) * size));
        }

        return OnnxValue.Of(y, shape);
    }

    private static OnnxValue Rotate(OnnxCall call)
    {
        OnnxValue x = call.Input(0);
        int heads = (int)call.Int("num_heads", 0), batch = x.Shape[0], time = x.Rank == 4 ? x.Shape[2] : x.Shape[1];
        int width = call.InputOfRank(2, 2, "places, size / 2").Shape[1] * 2;
        heads = heads > 0 ? heads : x.Rank == 4 ? x.Shape[1] : x.Shape[2] / Math.Max(1, width);
        long[] given = call.Input(1).Integers();
        int[] positions = given.Length == 1
            ? [.. Enumerable.Range(0, batch * time).Select(i => call.Size(given[0] + (i % time)))]
            : Array.ConvertAll(given, place => call.Size(place));
        Tensor y = Turn(call, x.Rank == 4 ? x.AsTensor() : Split(x.AsTensor(), heads), positions, call.Input(2), call.Input(3), call.Int("interleaved", 0) != 0);
        return OnnxValue.Of(x.Rank == 4 ? y : y.Permute(0, 2, 1, 3).Reshape(new Shape(x.Shape)));
    }

    /// <summary>Turns pairs of x (batch, heads, time, size) by the angles of their positions; what the angles do not reach stays.</summary>
    private static Tensor Turn(OnnxCall call, Tensor x, int[] positions, OnnxValue cosines, OnnxValue sines, bool interleaved)
    {
        int batch = x.Shape[0], time = x.Shape[2], size = x.Shape[3], half = cosines.Shape[^1];
        if (positions.Length != batch * time || half * 2 > size || cosines.Rank != 2 || !cosines.Shape.AsSpan().SequenceEqual(sines.Shape))
        {
            throw call.Error($"expected {batch * time} positions and angles of at most {size / 2}, got {positions.Length} and {cosines}.");
        }

        Array.ForEach(positions, place => call.Index(place, cosines.Shape[0]));
        Tensor cos = EngineValues.PickAlong(cosines, 0, positions).AsTensor().Reshape([batch, 1, time, half]), sin = EngineValues.PickAlong(sines, 0, positions).AsTensor().Reshape([batch, 1, time, half]);
        Tensor turning = x.Slice(3, 0, 2 * half);
        (Tensor a, Tensor b) = interleaved ? (turning.Slice(3, 0, half, 2), turning.Slice(3, 1, half, 2)) : (turning.Slice(3, 0, half), turning.Slice(3, half, half));
        Tensor real = (a * cos) - (b * sin), imaginary = (a * sin) + (b * cos);
        Tensor y = interleaved ? Tensor.Stack(4, real, imaginary).Reshape([batch, x.Shape[1], time, 2 * half]) : Tensor.Concatenate(3, real, imaginary);
        return 2 * half == size ? y : Tensor.Concatenate(3, y, x.Slice(3, 2 * half, size - (2 * half)));
    }

    /// <summary>softmax(q kᵀ scale + mask) v, with the heads side by side again.</summary>
    private static Tensor Attend(OnnxCall call, Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        if (q.Shape[1] != k.Shape[1] || q.Shape[3] != k.Shape[3] || k.Shape[2] != v.Shape[2])
        {
            throw call.Error($"expected keys and values for the queries' heads, got {q.Shape}, {k.Shape} and {v.Shape}.");
        }

        float scale = call.Float("scale", 0) is not 0 and var given ? given : 1 / MathF.Sqrt(q.Shape[3]), cap = call.Float("softcap", 0);
        Tensor scores = q.MatMul(k, transposeRight: true) * scale;
        scores = cap > 0 ? (scores * (1 / cap)).Tanh() * cap : scores;
        Tensor y = (mask is { } added ? scores + added : scores).Softmax(-1).MatMul(v);
        return y.Permute(0, 2, 1, 3).Reshape([q.Shape[0], q.Shape[2], q.Shape[1] * v.Shape[3]]);
    }

    /// <summary>A part of the input biases, added to (batch, time, heads * size).</summary>
    private static Tensor Biased(OnnxCall call, int index, int start, int heads)
    {
        Tensor x = call.InputOfRank(index, 3, "batch, time, heads * size").AsTensor();
        return Split(call.Optional(3) is { } bias ? x + bias.AsTensor().Slice(0, start, x.Shape[2]) : x, heads);
    }

    private static Tensor Split(Tensor x, int heads) => x.Reshape([x.Shape[0], x.Shape[1], heads, x.Shape[2] / heads]).Permute(0, 2, 1, 3);

    /// <summary>Hides padded keys by mask_filter_value: the mask is each row's number of keys, or 1 for a key that counts.</summary>
    private static Tensor? Padding(OnnxCall call, OnnxValue? mask, int batch, int queries, int keys)
    {
        if (mask is null)
        {
            return null;
        }

        int[] values = Elements.Ints(mask);
        float hidden = call.Float("mask_filter_value", -10000f);
        if (mask.Rank == 1 && values.Length == batch)
        {
            return Tensor.Of([.. Enumerable.Range(0, batch * keys).Select(i => i % keys < values[i / keys] ? 0 : hidden)], [batch, 1, 1, keys]);
        }

        float[] added = Array.ConvertAll(values, value => value != 0 ? 0 : hidden);
        return added.Length == batch * keys
            ? Tensor.Of(added, [batch, 1, 1, keys])
            : added.Length == batch * queries * keys
                ? Tensor.Of(added, [batch, 1, queries, keys])
                : throw call.Error($"expected a mask ({batch}), ({batch}, {keys}) or ({batch}, {queries}, {keys}), got {mask}.");
    }

    private static Tensor? Sum(Tensor? mask, OnnxValue? bias) => bias is null ? mask : mask is { } some ? some + bias.AsTensor() : bias.AsTensor();

    private static Tensor? Causal(OnnxCall call, Tensor? mask, int queries, int past)
    {
        if (call.Int("unidirectional", 0) == 0)
        {
            return mask;
        }

        int keys = queries + past;
        Tensor future = Tensor.Of([.. Enumerable.Range(0, queries * keys).Select(i => i % keys > (i / keys) + past ? float.NegativeInfinity : 0)], [queries, keys]);
        return mask is { } some ? some + future : future;
    }

    private static int HeadCount(OnnxCall call, string name) => call.Int(name, 0) is > 0 and < 1 << 20 and var count
        ? (int)count
        : throw call.Error($"expected {name} from 1, got {call.Int(name, 0)}.");
}
