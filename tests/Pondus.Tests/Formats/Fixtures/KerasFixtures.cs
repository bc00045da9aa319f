namespace Pondus.Tests.Formats.Fixtures;

/// <summary>Keras's files: by the network's paths, or by the paths inside the file.</summary>
internal sealed class KerasFixtures : FixtureRules
{
    public override string Reader(Fixture fixture) => fixture.File.EndsWith(".keras", StringComparison.Ordinal) ? "keras" : "hdf5";

    public override IEnumerable<List<FixtureTensor>> Tables(Fixture fixture) =>
        fixture.Tensors("stored") is { } stored ? [.. base.Tables(fixture), stored] : base.Tables(fixture);
}
