using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>HDF5 files: one of them is only there to be linked to, and one has numbers in types that its table leaves out.</summary>
internal sealed class Hdf5Fixtures : FixtureRules
{
    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => fixture.Tensors() is null
        || (fixture.File is "types.h5" && entry.Name is "enum" or "array" or "bfloat16");
}
