using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Stochastic gradient descent; its weight decay is added to the gradient.</summary>
public sealed record SgdSettings : OptimizerSettings
{
    /// <summary>Makes settings at their defaults: learning rate 0.01.</summary>
    public SgdSettings()
    {
        LearningRate = 0.01;
    }

    /// <inheritdoc/>
    public override string Type => "Sgd";

    /// <summary>Gets the momentum, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Gets whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    internal override OptimizerSettings Visit(Fields f)
    {
        SgdSettings visited = this with
        {
            Momentum = f.Get("momentum", Momentum, Kinds.Share, "Momentum."),
            Nesterov = f.Get("nesterov", Nesterov, Kinds.Flag, "Whether the momentum is Nesterov's."),
        };
        f.Check(!visited.Nesterov || visited.Momentum > 0, "momentum", "a number above 0 with nesterov", $"{visited.Momentum}");
        return visited;
    }
}
