namespace Pondus.Tests.Formats.Fixtures;

/// <summary>Safetensors files, and the index of a folder of them.</summary>
internal sealed class SafetensorsFixtures : FixtureRules
{
    public override string Reader(Fixture fixture) => fixture.File.EndsWith('/') ? "sharded" : "safetensors";
}
