namespace Pondus.Tests.Formats.Fixtures;

/// <summary>Flax's files: msgpack, or npz.</summary>
internal sealed class JaxFixtures : FixtureRules
{
    public override string Reader(Fixture fixture) => Path.GetExtension(fixture.File)[1..];
}
