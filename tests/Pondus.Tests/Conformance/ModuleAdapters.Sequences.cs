using Pondus.Layers;

namespace Pondus.Tests.Conformance;

/// <summary>Layers over sequences, and those that look rows up.</summary>
internal static partial class ModuleAdapters
{
    private static IEnumerable<KeyValuePair<string, Func<ConformanceModule, Tensor>>> Recurrents()
    {
        yield return Row("RNN", static m => Walk(
            m,
            static c => new Rnn(Inputs(c), Hidden(c), s_random, Depth(c), HasBias(c), c.Boolean(-1, "batch_first", false), (float)c.Number(-1, "dropout", 0), c.Boolean(-1, "bidirectional", false), c.Text(-1, "nonlinearity", "tanh") == "relu"),
            static (layer, x, initial) => (layer.Forward(x, initial, out Tensor last), last)));
        yield return Row("GRU", static m => Walk(
            m,
            static c => new Gru(Inputs(c), Hidden(c), s_random, Depth(c), HasBias(c), c.Boolean(-1, "batch_first", false), (float)c.Number(-1, "dropout", 0), c.Boolean(-1, "bidirectional", false)),
            static (layer, x, initial) => (layer.Forward(x, initial, out Tensor last), last)));
        yield return Row("LSTM", static m =>
        {
            if (m.Constructor.Find(-1, "proj_size") is { Integer: not 0 })
            {
                throw new UnsupportedSampleException("proj_size");
            }

            ConformanceCall c = m.Constructor;
            Lstm layer = m.Load(new Lstm(Inputs(c), Hidden(c), s_random, Depth(c), HasBias(c), c.Boolean(-1, "batch_first", false), (float)c.Number(-1, "dropout", 0), c.Boolean(-1, "bidirectional", false)));
            ConformanceValue[]? initial = m.Call.Count > 1 ? m.Call[1].Items : null;
            return Batched(m, layer.BatchFirst, initial is null ? null : (initial[0].Tensor, initial[1].Tensor), (x, state) =>
            {
                Tensor y = layer.Forward(x, state is { } s ? new LstmState(s.Hidden, s.Cell) : null, out LstmState last);
                return (y, [last.Hidden, last.Cell]);
            });
        });
        yield return Row("Embedding", static m =>
        {
            Embedding layer = m.Load(new Embedding(m.Constructor.Integer(0, "num_embeddings", 0), m.Constructor.Integer(1, "embedding_dim", 0), s_random, m.Constructor.Find(2, "padding_idx")?.Integer));
            return layer.Forward(m.Call.Labels(0, "input"), m.Call[0].Array!.Shape);
        });
    }

    private static int Inputs(ConformanceCall c) => c.Integer(0, "input_size", 0);

    private static int Hidden(ConformanceCall c) => c.Integer(1, "hidden_size", 0);

    private static int Depth(ConformanceCall c) => c.Integer(2, "num_layers", 1);

    private static bool HasBias(ConformanceCall c) => c.Boolean(-1, "bias", true);

    private static Tensor Walk<T>(ConformanceModule m, Func<ConformanceCall, T> make, Func<T, Tensor, Tensor?, (Tensor, Tensor)> run)
        where T : Recurrent
    {
        T layer = m.Load(make(m.Constructor));
        (Tensor, Tensor)? initial = m.Call.Count > 1 ? (m.Call.Tensor(1), default) : null;
        return Batched(m, layer.BatchFirst, initial, (x, state) =>
        {
            (Tensor y, Tensor last) = run(layer, x, state?.Hidden);
            return (y, [last]);
        });
    }

    // A sample without a batch is a batch of one, which is what Pondus asks its users to write.
    private static Tensor Batched(ConformanceModule m, bool batchFirst, (Tensor Hidden, Tensor Cell)? state, Func<Tensor, (Tensor Hidden, Tensor Cell)?, (Tensor, Tensor[])> run)
    {
        Tensor x = m.Call.Tensor(0);
        Shape shape = x.Shape;
        bool alone = shape.Rank == 2;
        if (alone)
        {
            x = x.Reshape(batchFirst ? [1, shape[0], shape[1]] : [shape[0], 1, shape[1]]);
            state = state is { } s ? (Widen(s.Hidden), s.Cell.IsAlive ? Widen(s.Cell) : default) : null;
        }

        (Tensor y, Tensor[] last) = run(x, state);
        m.Call.MoreOutputs.AddRange(last.Select(t => alone ? t.Reshape([t.Shape[0], t.Shape.Last]) : t));
        return alone ? y.Reshape([shape[0], y.Shape.Last]) : y;
    }

    private static Tensor Widen(Tensor state) => state.Reshape([state.Shape[0], 1, state.Shape[1]]);
}
