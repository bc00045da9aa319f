using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>What differs from one writer to the next: names, types, and what beyond the tensors a reader may give.</summary>
internal class FixtureRules
{
    /// <summary>The tables of tensors that are right, each as a whole; the one that fits best is compared.</summary>
    public virtual IEnumerable<List<FixtureTensor>> Tables(Fixture fixture) => [fixture.Tensors() ?? []];

    /// <summary>The name that the reader gives to a tensor.</summary>
    public virtual string Name(Fixture fixture, string name) => name;

    /// <summary>The name of the element type that the reader gives.</summary>
    public virtual string DataType(FixtureTensor tensor) => tensor.DataType;

    /// <summary>The bytes that the fixture's checksum covers.</summary>
    public virtual byte[] Bytes(WeightEntry entry) => entry.ReadBytes();

    /// <summary>Whether a tensor that the fixture does not list is right.</summary>
    public virtual bool AllowsExtra(Fixture fixture, WeightEntry entry) => false;

    /// <summary>A word that a refusal, or a remark about what is missing, must contain: it names the cause.</summary>
    public virtual string Cause(Fixture fixture) => "";

    public static FixtureRules For(string section) => section switch
    {
        "torch" => new TorchFixtures(),
        "gguf" => new GgufFixtures(),
        "keras" => new KerasFixtures(),
        "hdf5" => new Hdf5Fixtures(),
        "numpy" => new NumpyFixtures(),
        "onnx" => new OnnxFixtures(),
        _ => new FixtureRules(),
    };
}
