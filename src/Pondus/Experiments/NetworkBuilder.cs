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
            return Checked(experiment, ((NetworkSettings)experiment.Model).Build(inputShape, outputCount, random), inputShape, outputCount);
        }

        List<Layer> layers = [];
        Shape shape = inputShape;
        for (int i = 0; i < list.Layers.Count; i++)
        {
            // Behind a layer over sequences a linear one takes each step for itself; elsewhere a second axis is a forgotten Flatten.
            bool isSequence = shape.Rank == 2 && layers.Exists(static l => l is Recurrent or Embedding);
            Layer layer = isSequence && list.Layers[i] is LinearSettings linear
                ? MakeLinear(linear, [shape[1]], random, $"model[{i}]")
                : Make(list.Layers[i], shape, random, $"model[{i}]");
            shape = layer.OutputShape(shape);
            layers.Add(layer);
        }

        return Checked(experiment, new Sequential([.. layers]), inputShape, outputCount);
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

    private static Layer Checked(Experiment experiment, Layer network, Shape inputShape, int outputCount)
    {
        bool isText = experiment.Data is TextDataSettings;
        Shape shape = network.OutputShape(inputShape), expected = isText ? [inputShape[0], outputCount] : [outputCount];
        string each = isText ? "character at each place" : experiment.Loss.Task == LossTask.Classes ? "class" : "target";
        return shape == expected
            ? network
            : throw new ExperimentException("model", isText ? $"an output of {expected}, one value for each {each}" : $"an output of {outputCount} values, one for each {each}", shape.ToString());
    }

    private static LayerSettings Complete(LayerSettings settings, Layer layer) => (settings, layer) switch
    {
        (LinearSettings linear, Linear made) => linear with { In = made.InFeatures },
        (SequentialSettings sequential, Sequential made) => sequential with { Layers = [.. sequential.Layers.Select((inner, i) => Complete(inner, made.Layers[i]))] },
        _ => settings,
    };

    internal static Layer Make(LayerSettings settings, in Shape input, RandomSource random, string path) => settings switch
    {
        LinearSettings linear => MakeLinear(linear, input, random, path),
        FlattenSettings => new Flatten(),
        DropoutSettings dropout => new Dropout((float)dropout.Rate, random),
        EmbeddingSettings embedding => new Embedding(embedding.Count, embedding.Size, random, embedding.Padding),
        SequentialSettings sequential => MakeSequence(sequential.Layers, input, random, $"{path}.layers"),
        MadeLayerSettings made => made.Make(input, random, path),
        RecurrentLayerSettings recurrent => MakeRecurrent(recurrent, input, random, path),
        ActivationSettings activation => MakeActivation(activation),
        _ => throw new ExperimentException(path, "a known layer", settings.Type),
    };

    private static Recurrent MakeRecurrent(RecurrentLayerSettings settings, in Shape input, RandomSource random, string path) => input.Rank == 2
        ? RecurrentLayerSettings.Make(settings.Type, input[1], settings.Hidden, settings.Layers, settings.Bias, settings.Dropout, settings.Bidirectional, random)
        : throw new ExperimentException(path, "an input of (time, features), with Embedding before it where the data are tokens", $"samples of {input}");

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

    internal static Sequential MakeSequence(IReadOnlyList<LayerSettings> settings, Shape input, RandomSource random, string path)
    {
        List<Layer> layers = [];
        for (int i = 0; i < settings.Count; i++)
        {
            layers.Add(Make(settings[i], input, random, $"{path}[{i}]"));
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
        "GeluTanh" => new Gelu(tanhApproximation: true),
        "Hardsigmoid" => new Hardsigmoid(),
        "Hardswish" => new Hardswish(),
        "Relu6" => new Relu6(),
        "Mish" => new Mish(),
        "LogSigmoid" => new LogSigmoid(),
        "Softsign" => new Softsign(),
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
