using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>HDF5 files: one of them is only there to be linked to, and says nothing about its tensors.</summary>
internal sealed class Hdf5Fixtures : FixtureRules
{
    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => fixture.Tensors() is null;
}
