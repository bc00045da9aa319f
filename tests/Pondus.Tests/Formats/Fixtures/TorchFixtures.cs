namespace Pondus.Tests.Formats.Fixtures;

/// <summary>PyTorch's files: the only tensor of a file has no name there.</summary>
internal sealed class TorchFixtures : FixtureRules
{
    public override string Name(Fixture fixture, string name) => name.Length == 0 ? "tensor" : name;
}
