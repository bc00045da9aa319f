namespace Pondus.Tests.Formats.Fixtures;

/// <summary>GGUF's files: blocks by GGUF's names, plain types by NumPy's.</summary>
internal sealed class GgufFixtures : FixtureRules
{
    public override string DataType(FixtureTensor tensor) => tensor.DataType switch
    {
        "F32" => "float32",
        "F16" => "float16",
        "BF16" => "bfloat16",
        string other => other.ToLowerInvariant(),
    };
}
