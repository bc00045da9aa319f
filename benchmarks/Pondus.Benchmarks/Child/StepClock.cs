using System.Diagnostics;
using System.Text.Json.Nodes;
using Pondus.Training;

namespace Pondus.Benchmarks.Child;

/// <summary>Notes when each step, or each group of steps, has ended; stops a warm-up when it has lasted long enough.</summary>
internal sealed class StepClock : ITrainingObserver, IDisposable
{
    private readonly int _stepsPerTime;
    private readonly long[] _times;
    private readonly double _limitSeconds;
    private readonly CancellationTokenSource _stop = new();
    private int _count;
    private int _steps;
    private long _begin;

    private StepClock(int stepsPerTime, int capacity, double limitSeconds)
    {
        _stepsPerTime = stepsPerTime;
        _times = new long[capacity];
        _limitSeconds = limitSeconds;
    }

    /// <summary>Gets what becomes cancelled when the warm-up is over.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Gets the loss of the last step.</summary>
    public float Loss { get; private set; }

    /// <summary>A clock that ends after a time and at least three units.</summary>
    public static StepClock ForWarmUp(int stepsPerTime, double seconds) => new(stepsPerTime, 1 << 20, seconds);

    /// <summary>A clock for a planned number of units.</summary>
    public static StepClock ForCount(int stepsPerTime, int count) => new(stepsPerTime, count, double.PositiveInfinity);

    public void OnStarted(Trainer trainer) => Begin();

    public void OnStep(Trainer trainer, in StepReport report) => EndStep(report.Loss);

    public void Begin() => _begin = Stopwatch.GetTimestamp();

    public void EndStep(float loss)
    {
        Loss = loss;
        if (++_steps % _stepsPerTime != 0 || _count == _times.Length)
        {
            return;
        }

        _times[_count++] = Stopwatch.GetTimestamp();
        if (_count == _times.Length || (_count >= 3 && Stopwatch.GetElapsedTime(_begin).TotalSeconds > _limitSeconds))
        {
            _stop.Cancel();
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Seconds of a typical unit in the second half, when code has been compiled.</summary>
    public double TypicalSeconds() => Statistics.Median(Seconds().Skip(_count / 2));

    public void Report(JsonObject result)
    {
        double[] sorted = [.. Seconds().Select(s => s * 1e6 / _stepsPerTime).Order()];
        result["us_median"] = Statistics.Quantile(sorted, 0.5);
        result["us_min"] = sorted[0];
        result["us_p90"] = Statistics.Quantile(sorted, 0.9);
        result["us_mean"] = (_times[_count - 1] - _begin) * 1e6 / Stopwatch.Frequency / ((double)_count * _stepsPerTime);
        result["steps"] = _steps;
        result["final_loss"] = Loss;
    }

    private IEnumerable<double> Seconds()
    {
        long before = _begin;
        for (int i = 0; i < _count; i++)
        {
            // Not by TimeSpan, which counts in 100 ns.
            yield return (_times[i] - before) / (double)Stopwatch.Frequency;
            before = _times[i];
        }
    }
}
