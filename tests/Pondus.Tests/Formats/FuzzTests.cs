using Pondus.Formats;
using Pondus.Tests.Support;
using Pondus.Tests.Text;
using Pondus.Text;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.Formats;

/// <summary>Each reader is given damaged files: docs/fuzzing.md has the results of a long run.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly FuzzTarget[] s_targets =
    [
        Weights("safetensors") with { Files = ["fixtures/safetensors/*.safetensors"] },
        Weights("sharded") with { Folder = "fixtures/safetensors/gpt2_sharded", Opened = "model.safetensors.index.json", Pattern = "model*" },
        Weights("pytorch") with { Files = ["fixtures/torch/*.pt", "fixtures/torch/*.pt2"] },
        Weights("pytorch", "distributed") with { Folder = "fixtures/torch/distributed_checkpoint" },
        Weights("npy") with { Files = ["fixtures/numpy/*.npy"] },
        Weights("npz") with { Files = ["fixtures/numpy/*.npz"] },
        Weights("gguf") with { Files = ["fixtures/gguf/*.gguf"] },
        Weights("gguf", "split") with { Folder = "fixtures/gguf", Pattern = "split-*.gguf", Opened = "split-00001-of-00003.gguf" },
        Weights("hdf5") with { Files = ["fixtures/hdf5/*.h5"] },
        Weights("keras") with { Files = ["fixtures/keras/*.keras", "fixtures/keras/*.h5"] },
        Weights("keras", "sharded") with { Folder = "fixtures/keras", Pattern = "dense_sharded*", Opened = "dense_sharded.weights.json" },
        Weights("msgpack") with { Files = ["fixtures/jax/*.msgpack"] },
        Weights("onnx") with { Files = ["fixtures/onnx/*.onnx"] },
        Weights("onnx", "external data") with { Folder = "fixtures/onnx/external_many", Opened = "model.onnx" },
        new("onnx, run", OnnxFuzzing.Run) { Files = ["fixtures/onnx/*.onnx"] },
        new("any, by content", static path => Read(WeightFile.Open(path)))
        {
            Files = ["fixtures/safetensors/*.safetensors", "fixtures/torch/*.pt", "fixtures/numpy/*.np?", "fixtures/gguf/*.gguf", "fixtures/hdf5/*.h5", "fixtures/keras/*.keras", "fixtures/jax/*.msgpack", "fixtures/onnx/*.onnx"],
        },
        new("vocabulary of gguf", ReadVocabulary) { Files = ["fixtures/gguf/tiny_llama.gguf"], Made = SmallVocabularies.Files },
        new("name map", ReadNameMap) { Made = static () => ["""{"tensors":[{"from":"a.weight","to":"b.weight","axes":[1,0],"by":"exact"},{"from":"c","to":"d"}],"missing":["x"],"unexpected":[]}"""u8.ToArray()] },
    ];

    public static TheoryData<string> Names => [.. s_targets.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_DamagedAtRandom_IsReadOrRefused(string name)
    {
        using Fuzzer fuzzer = new(Array.Find(s_targets, target => string.Equals(target.Name, name, StringComparison.Ordinal))!);
        string row = fuzzer.Run().ToString();
        output.WriteLine(row);
        TestContext.Current.SendDiagnosticMessage(row);
    }

    private static FuzzTarget Weights(string format, string? kind = null) =>
        new(kind is null ? format : $"{format}, {kind}", path => Read(WeightFormats.Find(format)!.Open(path))) { Written = kind is null ? format : null };

    private static bool Read(WeightFile file)
    {
        using (file)
        {
            return FormatBattery.ReadAll(file);
        }
    }

    private static bool ReadVocabulary(string path)
    {
        Tokenizer tokenizer = GgufTokenizer.Load(path);
        tokenizer.Decode(tokenizer.EncodeMarked("Hello, größe <s> 123 world\n\t the cat"));
        return true;
    }

    private static bool ReadNameMap(string path)
    {
        try
        {
            return WeightNameMap.Load(path).Rows.Count > 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
