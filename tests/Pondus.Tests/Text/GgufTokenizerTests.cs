using System.Globalization;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Formats.Gguf;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

public sealed class GgufTokenizerTests(ITestOutputHelper output)
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    [InlineData("bert-bge")]
    public void Encode_VectorsOfLlamaCpp_AreReproduced(string name)
    {
        string path = TestData.PathOf($"weights/tokenizers/ggml-vocab-{name}.gguf");
        Tokenizer tokenizer = GgufTokenizer.Load(path);
        string[] texts = File.ReadAllText(path + ".inp").Split(Separator);
        string[] lines = File.ReadAllText(path + ".out").TrimEnd('\n').Split('\n');
        Assert.Equal(lines.Length, texts.Length - 1);
        int same = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            int[] expected = [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            int[] tokens = tokenizer.Encode(texts[i]);
            Assert.True(expected.SequenceEqual(tokens), $"text {i} '{texts[i]}': expected {lines[i]}, got {string.Join(' ', tokens)}.");
            same++;
            if (tokenizer is not WordPieceTokenizer)
            {
                Assert.Equal(texts[i], tokenizer.Decode(tokens));
            }
        }

        output.WriteLine($"{name}: {same} of {lines.Length} texts");
    }

    [Fact]
    public void Encode_PromptsOfStories260k_GivesTheirTokens()
    {
        using GgufFile file = GgufFile.Open(TestData.PathOf("weights/stories260k/stories260k-f32.gguf"));
        Tokenizer tokenizer = GgufTokenizer.Of(file);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("weights/stories260k/expected.json")));
        (string, string)[] lists = [("prompts", "prompt"), ("texts", "text")];
        int count = 0;
        foreach ((string list, string key) in lists)
        {
            foreach (JsonElement item in expected.RootElement.GetProperty(list).EnumerateArray())
            {
                string text = item.GetProperty(key).GetString()!;
                Assert.Equal(item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.EncodeMarked(text));
                Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeMarked(text)));
                count++;
            }
        }

        Assert.NotEqual(0, count);
    }

    [Fact]
    public void Encode_TextsOfSentencePieceItself_GivesItsTokens()
    {
        Tokenizer tokenizer = GgufTokenizer.Load(TestData.PathOf("fixtures/gguf/tiny_llama.gguf"));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(TestData.PathOf("fixtures/transformers/llama/tokenizer.model.expected.json")));
        JsonElement cases = expected.RootElement.GetProperty("cases");
        foreach (JsonElement item in cases.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] ids = [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal((text, string.Join(' ', ids)), (text, string.Join(' ', tokenizer.Encode(text))));
            Assert.Equal(item.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        }

        Assert.NotEqual(0, cases.GetArrayLength());
    }

    [Theory]
    [InlineData("rwkv", typeof(NotSupportedException), "'tokenizer.ggml.model': expected a vocabulary of kind llama, gpt2 or bert, got rwkv.")]
    [InlineData("llama", typeof(WeightFormatException), "expected a vocabulary with 'tokenizer.ggml.scores', got no such key among 4.")]
    [InlineData("gpt2", typeof(WeightFormatException), "expected a vocabulary with 'tokenizer.ggml.merges', got no such key among 4.")]
    [InlineData("bert", typeof(WeightFormatException), "'tokenizer.ggml.unknown_token_id': expected a token from 0 to 1, got 2.")]
    public void Load_NoSuchVocabulary_SaysWhy(string model, Type type, string message)
    {
        using TestFolder folder = new();
        GgufWriter.Save(folder.File("a.gguf"), [], new Dictionary<string, GgufValue>(StringComparer.Ordinal)
        {
            ["tokenizer.ggml.model"] = GgufValue.OfText(model),
            ["tokenizer.ggml.tokens"] = GgufValue.OfTexts("a", "b"),
            ["tokenizer.ggml.unknown_token_id"] = GgufValue.OfUInt32(2),
        });
        Exception error = Assert.Throws(type, () => GgufTokenizer.Load(folder.File("a.gguf")));
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongTypesAndCounts_AreRefused()
    {
        using TestFolder folder = new();
        Dictionary<string, GgufValue> values = new(StringComparer.Ordinal)
        {
            ["tokenizer.ggml.model"] = GgufValue.OfText("llama"),
            ["tokenizer.ggml.tokens"] = GgufValue.OfTexts("a", "b"),
            ["tokenizer.ggml.scores"] = GgufValue.OfSingles(1),
        };
        GgufWriter.Save(folder.File("a.gguf"), [], values);
        Assert.Contains(
            "the vocabulary breaks a rule. SentencePieceTokenizer: expected a score for each of 2 tokens, got 1.",
            Assert.Throws<WeightFormatException>(() => GgufTokenizer.Load(folder.File("a.gguf"))).Message, StringComparison.Ordinal);
        values["tokenizer.ggml.tokens"] = GgufValue.OfUInt32(1);
        GgufWriter.Save(folder.File("a.gguf"), [], values);
        Assert.Contains(
            "GgufValue: expected an array of texts, got UInt32.",
            Assert.Throws<WeightFormatException>(() => GgufTokenizer.Load(folder.File("a.gguf"))).Message, StringComparison.Ordinal);
    }
}
