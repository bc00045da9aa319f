using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>NumPy's files: the array of an .npy file has no name there.</summary>
internal sealed class NumpyFixtures : FixtureRules
{
    public override string Name(Fixture fixture, string name) => name.Length == 0 ? "tensor" : name;

    // The fields of a structured type, which another test compares.
    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => fixture.File.StartsWith("structured", StringComparison.Ordinal);

    public override string Cause(Fixture fixture) => fixture.File switch
    {
        "bfloat16_void.npy" => "V2",
        "bytes.npy" => "|S3",
        "datetime.npy" => "M8[",
        "longdouble.npy" => "<f16",
        "object.npy" => "Python objects",
        "pickled_only.npy" => "pickle",
        "structured.npy" => "|S3",
        "structured_utf8.npy" => "größe",
        "two_arrays.npy" => "152",
        "unicode.npy" => "<U5",
        "with_object.npz" => "bad",
        _ => "",
    };
}
