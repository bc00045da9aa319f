namespace Pondus.Schedules;

/// <summary>How the learning rate changes over a run: a pure function of the step, so nothing has to be saved.</summary>
public abstract class Schedule
{
    /// <summary>Gives the factor of the learning rate for a step.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    /// <returns>The factor, usually in [0, 1].</returns>
    public abstract double Factor(long step);
}
