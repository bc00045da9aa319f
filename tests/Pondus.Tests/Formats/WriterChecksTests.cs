using Pondus.Formats;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Formats;

public sealed class WriterChecksTests
{
    public static TheoryData<string, string> Writers => new()
    {
        { ".safetensors", "q4_0" },
        { ".gguf", "complex64" },
        { ".npz", "bfloat16" },
        { ".pt", "q4_0" },
        { ".h5", "q4_0" },
        { ".msgpack", "q4_0" },
        { ".onnx", "q4_0" },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public void Save_SeveralTensorsThatCannotBeHeld_NamesAllAtOnceAndWritesNothing(string ending, string dataType)
    {
        using TestFolder folder = new();
        string path = folder.File("a" + ending);
        WeightEntry[] entries =
        [
            WeightEntry.OfSingle("good", [1], new float[1]),
            new WeightEntry("first", dataType, [0], Array.Empty<byte>()),
            WeightEntry.OfSingle("good", [1], new float[1]),
            new WeightEntry("second", dataType, [0], Array.Empty<byte>()),
        ];
        ArgumentException error = Assert.Throws<ArgumentException>(() => WeightFormats.ForWriting(path)!.Save(path, entries, new Dictionary<string, string>(StringComparer.Ordinal)));
        Assert.StartsWith($"{path}: tensor 'first': expected a type ", error.Message, StringComparison.Ordinal);
        Assert.Contains("; tensor 'good': expected each name once, got it twice; tensor 'second': expected a type ", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names());
    }
}
