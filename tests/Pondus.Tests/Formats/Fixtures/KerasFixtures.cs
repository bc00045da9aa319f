using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>Keras's files, by the network's own paths; the optimizer's state is listed elsewhere.</summary>
internal sealed class KerasFixtures : FixtureRules
{
    /// <summary>A variable of a class of the writer's own has no name in the file.</summary>
    public override string Name(Fixture fixture, string name) => name is "twin/scale" ? "vars/0" : name;

    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => entry.Name.StartsWith("optimizer", StringComparison.Ordinal);
}
