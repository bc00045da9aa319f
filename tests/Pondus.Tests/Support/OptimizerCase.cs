using Pondus.Optimizers;

namespace Pondus.Tests.Support;

/// <summary>A line that buys an optimizer the whole battery.</summary>
/// <param name="Name">Names the case.</param>
/// <param name="Make">Makes the optimizer, at a learning rate that suits a parabola of curvature 1.</param>
/// <param name="RosenbrockRate">A learning rate small enough for Rosenbrock's valley.</param>
/// <param name="Decays">Whether weights shrink without a gradient.</param>
public sealed record OptimizerCase(string Name, Func<IEnumerable<Parameter>, Optimizer> Make, float RosenbrockRate, bool Decays = false);
