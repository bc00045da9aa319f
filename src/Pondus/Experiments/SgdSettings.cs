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

    /// <summary>Gets the share of the gradient that does not enter the velocity, in [0, 1).</summary>
    public double Dampening { get; init; }

    /// <summary>Gets whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    internal override OptimizerSettings Visit(Fields f)
    {
        SgdSettings visited = this with
        {
            Momentum = f.Get("momentum", Momentum, Kinds.Share, "Momentum."),
            Dampening = f.Get("dampening", Dampening, Kinds.Share, "Share of the gradient that does not enter the velocity."),
            Nesterov = f.Get("nesterov", Nesterov, Kinds.Flag, "Whether the momentum is Nesterov's."),
        };
        f.Check(!visited.Nesterov || visited.Momentum > 0, "momentum", "a number above 0 with nesterov", $"{visited.Momentum}");
        f.Check(!visited.Nesterov || visited.Dampening == 0, "dampening", "0 with nesterov", $"{visited.Dampening}");
        return visited;
    }
}
