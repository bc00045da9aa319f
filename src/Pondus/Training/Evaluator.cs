using Pondus.Data;
using Pondus.Losses;
using Pondus.Metrics;

namespace Pondus.Training;

/// <summary>Measures a network on a data set, without recording.</summary>
public sealed class Evaluator
{
    private readonly Layer _model;
    private readonly Loss _loss;
    private readonly Metric[] _metrics;
    private readonly BatchLoader _loader;
    private double _total;

    /// <summary>Makes an evaluator; it can be used again and again.</summary>
    /// <param name="model">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="data">The samples.</param>
    /// <param name="batchSize">Samples computed at once, at least 1.</param>
    public Evaluator(Layer model, Loss loss, IReadOnlyList<Metric> metrics, Dataset data, int batchSize = 256)
    {
        _model = model;
        _loss = loss;
        _metrics = [.. metrics];
        _loader = new BatchLoader(data, batchSize, new RandomSource(0), shuffle: false);
    }

    /// <summary>Measures.</summary>
    /// <returns>Loss and metrics.</returns>
    public EvaluationResult Run()
    {
        // A training that shares the metrics goes on with the sums of its epoch.
        double[][] sums = [.. _metrics.Select(static m => m.Sums.ToArray())];
        _loader.Seek(0, 0);
        _total = 0;
        foreach (Metric metric in _metrics)
        {
            metric.Reset();
        }

        for (int i = 0; i < _loader.BatchCount; i++)
        {
            Batch batch = _loader.Next();
            Inference.Run((this, batch), static state => state.Item1.Add(state.batch));
        }

        EvaluationResult result = new(_total / _loader.Data.Count, _metrics.ToDictionary(static m => m.Name, static m => m.Value, StringComparer.Ordinal), _loader.Data.Count);
        for (int i = 0; i < sums.Length; i++)
        {
            _metrics[i].Restore(sums[i]);
        }

        return result;
    }

    private void Add(Batch batch)
    {
        Tensor prediction = _model.Forward(batch.Inputs);
        Tensor loss = _loss.Forward(prediction, Trainer.TargetsOf(batch));
        _total += (double)loss.Item() * batch.Count;
        foreach (Metric metric in _metrics)
        {
            metric.Add(prediction, batch.Labels.Span, batch.HasLabels ? default : batch.Targets);
        }
    }
}
