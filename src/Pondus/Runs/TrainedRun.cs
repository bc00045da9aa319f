using Pondus.Data;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Onnx.Export;
using Pondus.Training;
using Pondus.Weights;

namespace Pondus.Runs;

/// <summary>A trained network, read from a run's folder: evaluates and predicts.</summary>
/// <remarks>Any number of threads may call one instance's <see cref="Predict"/>.</remarks>
public sealed class TrainedRun
{
    private TrainedRun(RunFolder folder, Experiment experiment, Layer model, ModelCard card)
    {
        Folder = folder;
        Experiment = experiment;
        Model = model;
        Card = card;
    }

    /// <summary>Gets the run's folder.</summary>
    public RunFolder Folder { get; }

    /// <summary>Gets the experiment.</summary>
    public Experiment Experiment { get; }

    /// <summary>Gets the network with its best weights.</summary>
    public Layer Model { get; }

    /// <summary>Gets sizes, classes and standardization.</summary>
    public ModelCard Card { get; }

    /// <summary>Reads a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The trained network.</returns>
    /// <exception cref="FileNotFoundException">The folder has no weights: no run, or one that has not finished.</exception>
    public static TrainedRun Load(string folder)
    {
        RunFolder files = new(folder);
        if (!File.Exists(files.Weights))
        {
            throw new FileNotFoundException($"{folder}: expected a trained run with weights.safetensors, got none. {(File.Exists(files.Checkpoint) ? "It has not finished: continue it with --resume." : "Give the folder of a run, see pondus runs.")}", files.Weights);
        }

        Experiment experiment = ExperimentFile.Load(files.Experiment);
        ModelCard card;
        using (SafetensorsFile weights = SafetensorsFile.Open(files.Weights))
        {
            card = ModelCard.Read(files.Weights, weights.Metadata);
        }

        Layer model = NetworkBuilder.Build(experiment, card.InputShape, card.OutputCount);
        ModuleWeights.Load(model, files.Weights);
        return new TrainedRun(files, experiment, model, card);
    }

    /// <summary>Measures loss and metrics.</summary>
    /// <param name="data">Samples as they come from their source, not standardized.</param>
    /// <returns>Loss and metrics.</returns>
    public EvaluationResult Evaluate(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return EvaluatePrepared(Card.Standardizer is { } standardizer ? standardizer.Apply(data) : data);
    }

    /// <summary>Measures loss and metrics of the run's own parts, which are standardized already.</summary>
    /// <param name="data">Samples as the network takes them, such as those of <see cref="RunSamples.Own"/>.</param>
    /// <returns>Loss and metrics.</returns>
    public EvaluationResult EvaluatePrepared(Dataset data) =>
        new Evaluator(Model, TrainerBuilder.BuildLoss(Experiment.Loss), TrainerBuilder.BuildMetrics(Experiment), data).Run();

    /// <summary>Answers for samples: probabilities of classes, or numbers; for a text, those of the character behind each sample.</summary>
    /// <param name="inputs">Samples as they come from their source, one after the other.</param>
    /// <returns>One row for each sample.</returns>
    /// <exception cref="ShapeException">The length is no multiple of a sample's.</exception>
    public float[][] Predict(ReadOnlySpan<float> inputs)
    {
        int size = Card.InputShape.Count;
        if (inputs.Length % size != 0)
        {
            throw new ShapeException($"Predict: expected samples of {size} values {Card.InputShape}, got {inputs.Length} values.");
        }

        const int AtOnce = 256;
        float[][] answers = new float[inputs.Length / size][];
        for (int start = 0; start < answers.Length; start += AtOnce)
        {
            int count = Math.Min(AtOnce, answers.Length - start);
            float[] part = inputs.Slice(start * size, count * size).ToArray();
            Card.Standardizer?.Apply(part);
            Tensor batch = Tensor.Of(part, [count, .. Card.InputShape.ToArray()]);
            float[] values = Inference.Run((this, batch), static s => s.Item1.Answer(s.batch));
            int width = values.Length / count, taken = Experiment.Data is TextDataSettings ? Card.OutputCount : width;
            for (int i = 0; i < count; i++)
            {
                int end = (i + 1) * width;
                answers[start + i] = values[(end - taken)..end];
            }
        }

        return answers;
    }

    /// <summary>Writes the network as an ONNX graph that takes samples as they come from their source: standardization is in it.</summary>
    /// <remarks>Outputs are those of the network: scores of classes before their softmax, or numbers. The metadata are those of the weights, and which weights these are.</remarks>
    /// <param name="path">The file; replaced in one step.</param>
    /// <exception cref="NotSupportedException">Some operations cannot be written; all are named.</exception>
    public void SaveOnnx(string path)
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Folder.Weights);
        Dictionary<string, string> metadata = WeightTarget.Lineage(weights.Metadata, "pondus.converted_from", [(weights, WeightDigest.Compute(weights.Entries))]);
        OnnxExport.Save(Model, path, Card.InputShape, metadata, Card.Standardizer is { } standardizer ? Prepare(standardizer) : null);
    }

    private Func<Tensor, Tensor> Prepare(Standardizer standardizer)
    {
        // One pair of numbers for all of a sample, or one for each of its places.
        Shape shape = standardizer.Mean.Length == 1 ? [1] : Card.InputShape;
        Tensor mean = Tensor.Of(standardizer.Mean, shape), deviation = Tensor.Of(standardizer.Deviation, shape);
        return x => (x - mean) / deviation;
    }

    private float[] Answer(Tensor batch)
    {
        Tensor output = Model.Forward(batch);
        return Experiment.Loss.Type switch
        {
            "CrossEntropy" or "Focal" => output.Softmax().ToArray(),
            "NegativeLogLikelihood" => output.Exponential().ToArray(),
            "BinaryCrossEntropy" or "SoftMargin" or "MultiLabelSoftMargin" => output.Sigmoid().ToArray(),
            _ => output.ToArray(),
        };
    }
}
