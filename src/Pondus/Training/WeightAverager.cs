using Pondus.Data;
using Pondus.Kernels;

namespace Pondus.Training;

/// <summary>Keeps the mean of a trainer's weights, and exchanges it with them where it is evaluated.</summary>
internal sealed unsafe class WeightAverager(Trainer trainer, WeightAveraging averaging)
{
    private (Parameter Parameter, float[] Average)[] _entries = [];
    private TrainingProgress? _progress;

    private bool HasAverage => trainer.Progress.AverageCount > 0;

    /// <summary>Takes in the weights after a step.</summary>
    public void AfterStep()
    {
        if (averaging is ExponentialAveraging exponential)
        {
            long n = trainer.Progress.AverageCount + 1;
            double decay = exponential.WarmUp ? Math.Min(exponential.Decay, (1.0 + n) / (10.0 + n)) : exponential.Decay;
            TakeIn(1 - decay);
        }
    }

    /// <summary>Takes in the weights at the end of an epoch.</summary>
    public void AfterEpoch()
    {
        if (averaging is StochasticAveraging stochastic && trainer.Progress.Epoch >= stochastic.FromEpoch)
        {
            TakeIn(1.0 / (trainer.Progress.AverageCount + 1));
        }
    }

    /// <summary>Puts the mean where the weights are, and the weights where the mean was; does nothing when there is no mean yet.</summary>
    public void Exchange()
    {
        Prepare();
        foreach ((Parameter parameter, float[] average) in HasAverage ? _entries : [])
        {
            float[] weights = parameter.ToArray();
            parameter.Set(average);
            weights.CopyTo(average, 0);
        }
    }

    /// <summary>Puts the mean into the network for good.</summary>
    public void Apply(Dataset data)
    {
        Prepare();
        foreach ((Parameter parameter, float[] average) in HasAverage ? _entries : [])
        {
            parameter.Set(average);
        }

        Reestimate(data);
    }

    /// <summary>Estimates running statistics for the mean, which is in the network now: the plain average over the batches of the training data.</summary>
    public void Reestimate(Dataset data)
    {
        if (averaging is not StochasticAveraging || !HasAverage || !trainer.Model.NamedBuffers().Any())
        {
            return;
        }

        foreach ((string _, Parameter buffer) in trainer.Model.NamedBuffers())
        {
            if (buffer.IsCounter)
            {
                buffer.Set([0f]);
            }
        }

        PassContext pass = new(IsTraining: true, new RandomSource(trainer.Options.Seed).Stream("statistics")) { AveragesStatistics = true };
        BatchLoader loader = new(data, trainer.Options.BatchSize, new RandomSource(0), shuffle: false);
        for (int i = 0; i < loader.BatchCount; i++)
        {
            pass.StepNumber = i;
            Step.Begin(pass);
            trainer.Model.Forward(loader.Next().Inputs);
        }

        Step.End();
    }

    private void TakeIn(double share)
    {
        Prepare();
        bool first = !HasAverage && averaging is StochasticAveraging;
        foreach ((Parameter parameter, float[] average) in _entries)
        {
            if (first || parameter.IsCounter)
            {
                parameter.Values.CopyTo(average);
                continue;
            }

            fixed (float* a = average, w = parameter.Values)
            {
                UpdateLoop.Run(new Rule { Share = (float)share }, a, w, 1f, null, null, null, average.Length);
            }
        }

        trainer.Progress.AverageCount++;
    }

    /// <summary>Ties the means to the parameters, anew when a state was loaded; means that do not exist start as the weights.</summary>
    public void Prepare()
    {
        if (_progress == trainer.Progress)
        {
            return;
        }

        _progress = trainer.Progress;
        List<(Parameter, float[])> entries = [];
        foreach ((string name, Parameter parameter) in trainer.Model.NamedParameters().Concat(trainer.Model.NamedBuffers()))
        {
            if (!_progress.Average.TryGetValue(name, out float[]? average))
            {
                _progress.Average[name] = average = parameter.ToArray();
            }

            entries.Add((parameter, average));
        }

        _entries = [.. entries];
    }

    private struct Rule : IUpdate
    {
        public float Share;

        public readonly TV Step<TV>(TV w, TV g, ref TV a, ref TV b, ref TV c)
            where TV : struct, IVector<TV> => TV.Fma(TV.Create(Share), g - w, w);
    }
}
