using Pondus.Tests.Data;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Support;

/// <summary>What every layer must do.</summary>
internal static class LayerBattery
{
    private static readonly PassContext s_training = new(IsTraining: true, new RandomSource(3), StepNumber: 2);

    public static void OutputShape(LayerCase one)
    {
        Layer layer = one.Make(new RandomSource(1));
        Shape said = layer.OutputShape(new Shape(one.InputShape.AsSpan(1)));
        Assert.Equal([one.InputShape[0], .. said.ToArray()], layer.Forward(Input(one)).Shape.ToArray());
        Assert.Equal(one.Printed, layer.ToString());
    }

    public static void Gradient(LayerCase one)
    {
        Layer layer = one.Make(new RandomSource(1));
        Tensor input = Input(one);
        GradientCheck.Check(one.Printed, x => layer.Forward(one.IndexCount is null ? x[0] : input), one.IndexCount is null ? [input] : [], [.. layer.Parameters], s_training);
    }

    public static void SameSeed(LayerCase one)
    {
        Layer first = one.Make(new RandomSource(1)), again = one.Make(new RandomSource(1)), other = one.Make(new RandomSource(2));
        Assert.Equal(Weights(first), Weights(again));
        Assert.Equal(TrainingOutput(first, one), TrainingOutput(again, one));
        // Norms start at 1 and 0 with any seed.
        if (first.Parameters.Any(static p => p.Values.ContainsAnyExcept(p.Values[0])))
        {
            Assert.NotEqual(Weights(first), Weights(other));
        }
    }

    public static void SaveAndLoad(LayerCase one)
    {
        using TestFolder folder = new();
        string path = folder.File("weights.safetensors");
        Layer saved = one.Make(new RandomSource(1)), loaded = one.Make(new RandomSource(2));
        ModuleWeights.Save(saved, path);
        ModuleWeights.Load(loaded, path);
        Assert.Equal(Weights(saved), Weights(loaded));
        Assert.Equal(saved.Forward(Input(one)).ToArray(), loaded.Forward(Input(one)).ToArray());
        Assert.Equal(ModuleWeights.Digest(saved), ModuleWeights.Digest(loaded));
    }

    public static void EmptyBatch(LayerCase one)
    {
        Layer layer = one.Make(new RandomSource(1));
        Shape empty = new([0, .. one.InputShape[1..]]);
        Step.Begin(s_training);
        Tensor x = Tensor.Zeros(empty).WithGradient();
        Tensor y = layer.Forward(x);
        Assert.Equal(0, y.Shape[0]);
        Assert.Equal(0, y.Count);
        y.Sum().Backward();
        if (one.IndexCount is null)
        {
            Assert.Equal(0, x.Gradient.Length);
        }

        // No samples ask for nothing.
        Assert.All(layer.Parameters, static p => Assert.All(p.Gradient.ToArray(), static g => Assert.Equal(0f, g)));
        Step.End();
        Assert.Equal(0, Inference.Run((layer, empty), static state => state.layer.Forward(Tensor.Zeros(state.empty)).Count));
    }

    /// <summary>An inference scope and the open air give the same bits, for a batch and for each of its rows alone.</summary>
    public static void RowsAlone(LayerCase one)
    {
        Layer layer = one.Make(new RandomSource(1));
        Tensor x = Input(one with { InputShape = [33, .. one.InputShape[1..]] });
        float[] whole = Inference.Run((layer, x), static state => state.layer.Forward(state.x).ToArray());
        Assert.Equal(layer.Forward(x).ToArray(), whole);
        float[] rows = [.. Enumerable.Range(0, 33).SelectMany(row => Inference.Run((layer, x, row), static state => state.layer.Forward(state.x.SelectRows(state.row)).ToArray()))];
        Assert.Equal(whole, rows);
    }

    public static void WrongShape(LayerCase one)
    {
        Layer layer = one.Make(new RandomSource(1));
        if (one.WrongShape is null)
        {
            // It takes any: no axis at all, and four.
            Assert.Equal(layer.OutputShape([]).ToArray(), layer.Forward(Tensor.Ones([])).Shape.ToArray());
            Assert.Equal([2, .. layer.OutputShape([1, 3, 2]).ToArray()], layer.Forward(Tensor.Ones([2, 1, 3, 2])).Shape.ToArray());
            return;
        }

        ShapeException error = Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(new Shape(one.WrongShape))));
        Assert.Equal(one.WrongMessage, error.Message);
    }

    private static Tensor Input(LayerCase one)
    {
        RandomSource random = new(9);
        Shape shape = new(one.InputShape);
        return one.IndexCount is not { } count
            ? Tensor.Normal(shape, 0f, 1f, random)
            : Tensor.Of([.. Enumerable.Range(0, shape.Count).Select(_ => (float)random.NextInt32(count))], shape);
    }

    private static float[] Weights(Layer layer) => [.. layer.Parameters.SelectMany(static p => p.ToArray())];

    private static float[] TrainingOutput(Layer layer, LayerCase one)
    {
        Step.Begin(s_training);
        float[] y = layer.Forward(Input(one)).ToArray();
        Step.End();
        return y;
    }
}
