using Pondus.Experiments.Settings;
using Pondus.Networks;

namespace Pondus.Experiments;

/// <summary>LeNet-5, for pictures from 28 x 28 on.</summary>
public sealed record LeNetSettings : NetworkSettings
{
    /// <inheritdoc/>
    public override string Network => "lenet";

    internal override NetworkSettings Visit(Fields f) => this;

    internal override Layer Build(Shape input, int outputCount, RandomSource random) => new LeNet(Pictures(input, 28), outputCount, random);
}
