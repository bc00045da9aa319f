namespace Pondus.Schedules;

/// <summary>Multiplies the learning rate by a factor when the loss has not become better for some epochs.</summary>
/// <remarks>A loss is better when it lies below the best by more than the share <c>threshold</c> of it. It hears the validation loss of each epoch, without a validation set the training loss. As PyTorch's <c>ReduceLROnPlateau</c> in mode <c>min</c>, <c>rel</c>.</remarks>
/// <param name="factor">The factor, in (0, 1).</param>
/// <param name="patience">Epochs without progress that are borne; the next one acts.</param>
/// <param name="threshold">Share of the best loss that counts as progress, at least 0.</param>
/// <param name="cooldown">Epochs after a change in which nothing is counted.</param>
/// <param name="minimum">Smallest factor, in [0, 1].</param>
public sealed class ReduceOnPlateau(double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0) : Schedule
{
    private readonly double _factor = ScheduleChecks.Within(nameof(ReduceOnPlateau), nameof(factor), factor, double.Epsilon, 1 - 1e-9);
    private readonly long _patience = ScheduleChecks.AtLeast(nameof(ReduceOnPlateau), nameof(patience), patience, 0);
    private readonly double _threshold = ScheduleChecks.Within(nameof(ReduceOnPlateau), nameof(threshold), threshold, 0, 1);
    private readonly long _cooldown = ScheduleChecks.AtLeast(nameof(ReduceOnPlateau), nameof(cooldown), cooldown, 0);
    private readonly double _minimum = ScheduleChecks.Within(nameof(ReduceOnPlateau), nameof(minimum), minimum, 0, 1);
    private double _now = 1;
    private double _best = double.PositiveInfinity;
    private double _badEpochs;
    private double _coolingEpochs;

    /// <inheritdoc/>
    public override IReadOnlyList<double> State
    {
        get => [_now, _best, _badEpochs, _coolingEpochs];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (_now, _best, _badEpochs, _coolingEpochs) = value.Count switch
            {
                0 => (1, double.PositiveInfinity, 0, 0),
                4 => (value[0], value[1], value[2], value[3]),
                _ => throw new ArgumentException($"ReduceOnPlateau: expected 4 numbers of state, got {value.Count}.", nameof(value)),
            };
        }
    }

    /// <inheritdoc/>
    public override double Factor(long step) => _now;

    /// <inheritdoc/>
    public override void Report(double loss)
    {
        if (loss < _best * (1 - _threshold))
        {
            _best = loss;
            _badEpochs = 0;
        }
        else
        {
            _badEpochs++;
        }

        if (_coolingEpochs > 0)
        {
            _coolingEpochs--;
            _badEpochs = 0;
        }

        if (_badEpochs > _patience)
        {
            _now = Math.Max(_now * _factor, _minimum);
            _coolingEpochs = _cooldown;
            _badEpochs = 0;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"ReduceOnPlateau({_factor}, {_patience})";
}
