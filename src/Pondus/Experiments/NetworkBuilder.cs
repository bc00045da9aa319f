using System.Globalization;
using Pondus.Data;
using Pondus.Initializers;
using Pondus.Layers;

namespace Pondus.Experiments;

/// <summary>Makes the network that an experiment describes, and writes the sizes that were inferred back into the description.</summary>
public static class NetworkBuilder
{
    /// <summary>Makes the network with its starting weights.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="inputShape">Sizes of one sample.</param>
    /// <param name="outputCount">Number of outputs that the loss expects: classes, or target values.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ExperimentException">The sizes do not fit.</exception>
    public static Layer Build(Experiment experiment, Shape inputShape, int outputCount)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        RandomSource random = new RandomSource(experiment.Seed).Stream("initialization");
        if (experiment.Model is not LayersSettings list)
        {
            return ((NetworkSettings)experiment.Model).Build(inputShape, outputCount, random);
        }

        List<Layer> layers = [];
        Shape shape = inputShape;
        for (int i = 0; i < list.Layers.Count; i++)
        {
            Layer layer = Make(list.Layers[i], shape, random, $"model[{i}]");
            shape = layer.OutputShape(shape);
            layers.Add(layer);
        }

        Shape expected = experiment.Data is TextDataSettings ? [inputShape[0], outputCount] : [outputCount];
        return shape == expected
            ? new Sequential([.. layers])
            : throw new ExperimentException("model", expected.Rank > 1 ? $"an output of {expected}, one value for each character at each place" : $"an output of {outputCount} values, one for each {(experiment.Loss.Task == LossTask.Classes ? "class" : "target")}", shape.ToString());
    }

    /// <summary>Writes inferred input sizes into the description.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="network">The network that was built from it.</param>
    /// <returns>The completed experiment.</returns>
    public static Experiment Complete(Experiment experiment, Layer network)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(network);
        return experiment.Model is LayersSettings model && network is Sequential sequence
            ? experiment with { Model = model with { Layers = [.. model.Layers.Select((layer, i) => Complete(layer, sequence.Layers[i]))] } }
            : experiment;
    }

    private static LayerSettings Complete(LayerSettings settings, Layer layer) => (settings, layer) switch
    {
        (LinearSettings linear, Linear made) => linear with { In = made.InFeatures },
        (SequentialSettings sequential, Sequential made) => sequential with { Layers = [.. sequential.Layers.Select((inner, i) => Complete(inner, made.Layers[i]))] },
        _ => settings,
    };

    private static Layer Make(LayerSettings settings, in Shape input, RandomSource random, string path) => settings switch
    {
        LinearSettings linear => MakeLinear(linear, input, random, path),
        FlattenSettings => new Flatten(),
        DropoutSettings dropout => new Dropout((float)dropout.Rate, random),
        EmbeddingSettings embedding => new Embedding(embedding.Count, embedding.Size, random, embedding.Padding),
        SequentialSettings sequential => MakeSequential(sequential, input, random, path),
        ActivationSettings activation => MakeActivation(activation),
        _ => throw new ExperimentException(path, "a known layer", settings.Type),
    };

    private static Linear MakeLinear(LinearSettings settings, in Shape input, RandomSource random, string path)
    {
        if (input.Rank != 1)
        {
            throw new ExperimentException(path, "an input of one axis, with Flatten before the first Linear", $"samples of {input}");
        }

        int inputs = input[0];
        return settings.In is null || settings.In == inputs
            ? new Linear(inputs, settings.Out, random, settings.Bias, settings.Weight is null ? null : MakeInitializer(settings.Weight))
            : throw new ExperimentException($"{path}.in", $"{inputs}, the size of what comes in", settings.In.Value.ToString(CultureInfo.InvariantCulture));
    }

    private static Sequential MakeSequential(SequentialSettings settings, Shape input, RandomSource random, string path)
    {
        List<Layer> layers = [];
        for (int i = 0; i < settings.Layers.Count; i++)
        {
            layers.Add(Make(settings.Layers[i], input, random, $"{path}.layers[{i}]"));
            input = layers[i].OutputShape(input);
        }

        return new Sequential([.. layers]);
    }

    internal static Layer MakeActivation(ActivationSettings settings) => settings.Type switch
    {
        "Step" => new Heaviside(),
        "Sigmoid" => new Sigmoid(),
        "Tanh" => new Tanh(),
        "Relu" => new Relu(),
        "LeakyRelu" => new LeakyRelu((float)settings.Slope),
        "Elu" => new Elu((float)settings.Alpha),
        "Selu" => new Selu(),
        "Gelu" => new Gelu(),
        "Silu" => new Silu(),
        "Softplus" => new Softplus(),
        "Softmax" => new Softmax(),
        _ => throw new ExperimentException("model", "a known activation", settings.Type),
    };

    internal static Initializer MakeInitializer(InitializerSettings settings) => settings.Type switch
    {
        "Zeros" => new Zeros(),
        "Constant" => new Constant((float)settings.Value),
        "Uniform" => new Uniform((float)settings.Minimum, (float)settings.Maximum),
        "Normal" => new Normal((float)settings.Mean, (float)settings.Deviation),
        "TruncatedNormal" => new TruncatedNormal((float)settings.Mean, (float)settings.Deviation),
        "XavierUniform" => new XavierUniform((float)settings.Gain),
        "XavierNormal" => new XavierNormal((float)settings.Gain),
        "HeUniform" => new HeUniform(),
        "HeNormal" => new HeNormal(),
        "LeCunUniform" => new LeCunUniform(),
        "LeCunNormal" => new LeCunNormal(),
        "Orthogonal" => new Orthogonal((float)settings.Gain),
        _ => throw new ExperimentException("model", "a known initializer", settings.Type),
    };
}
