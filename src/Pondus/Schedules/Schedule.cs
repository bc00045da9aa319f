namespace Pondus.Schedules;

/// <summary>How the learning rate changes over a run: a function of the step, and, where it says so, of the losses reported to it.</summary>
public abstract class Schedule
{
    /// <summary>Gets or sets what has to be saved and restored; empty for a pure function of the step. Set to empty, the schedule starts anew.</summary>
    public virtual IReadOnlyList<double> State
    {
        get => [.. Parts.SelectMany(static part => part.State)];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            int at = 0;
            foreach (Schedule part in Parts)
            {
                int count = Math.Min(part.State.Count, value.Count - at);
                part.State = [.. value.Skip(at).Take(count)];
                at += count;
            }
        }
    }

    /// <summary>Gets the schedules that this one is made of.</summary>
    protected virtual IEnumerable<Schedule> Parts => [];

    /// <summary>Gives the factor of the learning rate for a step.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <returns>The factor, usually in [0, 1].</returns>
    public abstract double Factor(long step);

    /// <summary>Gives the momentum (of Adam and its kin: β₁) for a step, or null to leave it.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <returns>The momentum, in [0, 1).</returns>
    public virtual double? Momentum(long step) => null;

    /// <summary>Tells the loss at the end of an epoch: the validation loss, or without a validation set the training loss.</summary>
    /// <param name="loss">The loss.</param>
    public virtual void Report(double loss)
    {
        foreach (Schedule part in Parts)
        {
            part.Report(loss);
        }
    }
}
