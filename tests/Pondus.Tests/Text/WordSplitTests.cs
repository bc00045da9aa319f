using System.Text;
using Pondus.Tests.Data;
using Pondus.Tests.Support;
using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

public sealed class WordSplitTests
{
    [Theory]
    [InlineData(WordSplitting.Gpt2, "I'm 12 years", new[] { "I", "'m", " 12", " years" })]
    [InlineData(WordSplitting.Gpt2, "a  b", new[] { "a", " ", " b" })]
    [InlineData(WordSplitting.Gpt2, "a \n b", new[] { "a", " \n", " b" })]
    [InlineData(WordSplitting.Gpt2, "a\n\nb", new[] { "a", "\n", "\n", "b" })]
    [InlineData(WordSplitting.Gpt2, "a  ", new[] { "a", "  " })]
    [InlineData(WordSplitting.Gpt2, "x=1;", new[] { "x", "=", "1", ";" })]
    [InlineData(WordSplitting.Gpt2, "'re're'x", new[] { "'re", "'re", "'", "x" })]
    [InlineData(WordSplitting.Gpt2, "\U0001F999\U00010330\U00010331", new[] { "\U0001F999", "\U00010330\U00010331" })]
    [InlineData(WordSplitting.Llama3, "12345 x", new[] { "123", "45", " x" })]
    [InlineData(WordSplitting.Qwen2, "12345 x", new[] { "1", "2", "3", "4", "5", " x" })]
    [InlineData(WordSplitting.Llama3, "(a) !\n\nb", new[] { "(a", ")", " !\n\n", "b" })]
    [InlineData(WordSplitting.Llama3, "a \n  b", new[] { "a", " \n", " ", " b" })]
    [InlineData(WordSplitting.Llama3, "WE'RE", new[] { "WE", "'RE" })]
    public void EndOfWord_Text_IsCutAsTheModelsDo(WordSplitting splitting, string text, string[] words) =>
        Assert.Equal(words, Cut(text, splitting), StringComparer.Ordinal);

    [Theory]
    [InlineData(WordSplitting.Gpt2, @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    [InlineData(WordSplitting.Llama3, @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    [InlineData(WordSplitting.Qwen2, @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    public void EndOfWord_RandomTexts_AreCutAsTheExpressionSays(WordSplitting splitting, string expression)
    {
        // Letters, numbers, spaces, line ends, marks and the rest, the rare ones beyond U+FFFF among them.
        Rune[] alphabet = [.. "aBsrevtmld'' ' 1234\u00B2\n\r\t  .,!?_-(\u00E9\u0301\u4E2D\u00A0\u3000\U0001F999\U00010330\U0001D7D8\u0661".EnumerateRunes()];
        RandomSource random = new(3);
        StringBuilder text = new();
        for (int i = 0; i < 20_000; i++)
        {
            text.Append(alphabet[random.NextInt32(alphabet.Length)].ToString());
        }

        using TestFolder folder = new();
        string path = folder.Write("text", Encoding.UTF8.GetBytes(text.ToString()));
        const string script = """
            import regex, sys
            text = open(sys.argv[1], encoding='utf-8', newline='').read()
            print(' '.join(str(len(word)) for word in regex.findall(sys.argv[2], text)))
            """;
        string lengths = string.Join(' ', Cut(text.ToString(), splitting).Select(word => word.EnumerateRunes().Count()));
        Assert.Equal(Peers.RunPython(["-c", script, path, expression]).Trim(), lengths);
    }

    private static List<string> Cut(string text, WordSplitting splitting)
    {
        List<string> words = [];
        for (int start = 0; start < text.Length;)
        {
            int end = WordSplit.EndOfWord(text, start, splitting);
            words.Add(text[start..end]);
            start = end;
        }

        return words;
    }
}
