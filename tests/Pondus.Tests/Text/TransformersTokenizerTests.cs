using System.Text;
using System.Text.Json;
using Pondus.Tests.Support;
using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

/// <summary>The same texts through the tokenizers of Transformers, whose vocabularies are given as plain lists here.</summary>
public sealed class TransformersTokenizerTests
{
    [Theory]
    [InlineData("gpt2/tokenizer.json", "gpt2/expected.json", WordSplitting.Gpt2, false)]
    [InlineData("whisper/tokenizer.json", "whisper/expected.json", WordSplitting.Gpt2, false)]
    [InlineData("qwen2/tokenizer.json", "qwen2/expected.json", WordSplitting.Qwen2, false)]
    [InlineData("tokenizers/llama3_style.json", "tokenizers/llama3_style.expected.json", WordSplitting.Llama3, true)]
    public void BytePair_Texts_GiveTheSameTokens(string file, string expected, WordSplitting splitting, bool takesWholeWords)
    {
        using JsonDocument document = Read(file);
        JsonElement model = document.RootElement.GetProperty("model");
        string[] merges = [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}")];
        BytePairTokenizer tokenizer = new(Tokens(document), merges) { Splitting = splitting, TakesWholeWords = takesWholeWords };
        bool normalizes = document.RootElement.GetProperty("normalizer").ValueKind == JsonValueKind.Object;
        // What composes characters first is another tokenizer's business.
        int count = AssertCases(document, expected, tokenizer, text => !normalizes || !text.Any(character => character is >= '\u0300' and < '\u0370' or '\u212B'));
        Assert.InRange(count, 30, 40);
    }

    [Fact]
    public void WordPiece_Texts_GiveTheSameTokens()
    {
        using JsonDocument document = Read("bert/tokenizer.json");
        string[] tokens = Tokens(document);
        WordPieceTokenizer tokenizer = new(tokens, Array.IndexOf(tokens, "[UNK]"));
        Assert.InRange(AssertCases(document, "bert/expected.json", tokenizer, static _ => true), 30, 40);
    }

    /// <summary>Compares all texts but those that spell an added token, which these tokenizers read as text.</summary>
    private static int AssertCases(JsonDocument document, string expected, Tokenizer tokenizer, Func<string, bool> applies)
    {
        string[] added = [.. document.RootElement.GetProperty("added_tokens").EnumerateArray().Select(token => token.GetProperty("content").GetString()!)];
        using JsonDocument cases = Read(expected);
        JsonElement list = cases.RootElement.TryGetProperty("tokenizer_cases", out JsonElement inModel) ? inModel : cases.RootElement.GetProperty("cases");
        int count = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            if (applies(text) && !Array.Exists(added, token => text.Contains(token, StringComparison.Ordinal)))
            {
                int[] ids = [.. item.GetProperty("ids_no_special").EnumerateArray().Select(id => id.GetInt32())];
                Assert.Equal((text, string.Join(' ', ids)), (text, string.Join(' ', tokenizer.Encode(text))));
                count++;
            }
        }

        return count;
    }

    private static string[] Tokens(JsonDocument document)
    {
        SortedDictionary<int, string> tokens = [];
        foreach (JsonProperty token in document.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject())
        {
            tokens[token.Value.GetInt32()] = token.Name;
        }

        foreach (JsonElement token in document.RootElement.GetProperty("added_tokens").EnumerateArray())
        {
            tokens[token.GetProperty("id").GetInt32()] = token.GetProperty("content").GetString()!;
        }

        return [.. Enumerable.Range(0, tokens.Keys.Max() + 1).Select(id => tokens.GetValueOrDefault(id, ""))];
    }

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(TestData.PathOf($"fixtures/transformers/{name}"), Encoding.UTF8));
}
