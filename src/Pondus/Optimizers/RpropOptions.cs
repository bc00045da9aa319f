namespace Pondus.Optimizers;

/// <summary>Settings of <see cref="Rprop"/>.</summary>
/// <param name="LearningRate">Size of the first steps, at least 0.</param>
/// <param name="EtaMinus">What a step size is multiplied by when the gradient changed its sign, in (0, 1).</param>
/// <param name="EtaPlus">What it is multiplied by when the sign is the same, above 1.</param>
/// <param name="MinimumStep">Smallest step size, above 0.</param>
/// <param name="MaximumStep">Largest step size, above 0.</param>
public sealed record RpropOptions(float LearningRate = 0.01f, float EtaMinus = 0.5f, float EtaPlus = 1.2f, float MinimumStep = 1e-6f, float MaximumStep = 50f)
{
    internal RpropOptions Checked()
    {
        OptimizerSettings.Above(nameof(Rprop), nameof(EtaMinus), EtaMinus);
        OptimizerSettings.Above(nameof(Rprop), nameof(EtaPlus), EtaPlus, 1f);
        OptimizerSettings.InUnitInterval(nameof(Rprop), nameof(EtaMinus), EtaMinus);
        OptimizerSettings.Above(nameof(Rprop), nameof(MinimumStep), MinimumStep);
        OptimizerSettings.Above(nameof(Rprop), nameof(MaximumStep), MaximumStep);
        return this;
    }
}
