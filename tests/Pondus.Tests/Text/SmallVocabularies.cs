using Pondus.Formats.Gguf;
using Pondus.Tests.Data;

namespace Pondus.Tests.Text;

/// <summary>A GGUF file with a vocabulary of each kind, a few tokens each.</summary>
internal static class SmallVocabularies
{
    private static readonly string[] s_tokens = ["<unk>", "<s>", "</s>", "h", "e", "l", "o", "he", "ll", "hell", "\u0120w", "##o", "\u2581w", "<0x0A>", "[UNK]", "[CLS]"];

    /// <summary>The files.</summary>
    public static IEnumerable<byte[]> Files()
    {
        foreach ((string model, string pre) in new[] { ("llama", "default"), ("gpt2", "gpt-2"), ("gpt2", "llama-bpe"), ("gpt2", "qwen2"), ("bert", "default") })
        {
            using TestFolder folder = new();
            GgufWriter.Save(folder.File("a.gguf"), [], new Dictionary<string, GgufValue>(StringComparer.Ordinal)
            {
                ["tokenizer.ggml.model"] = GgufValue.OfText(model),
                ["tokenizer.ggml.pre"] = GgufValue.OfText(pre),
                ["tokenizer.ggml.tokens"] = GgufValue.OfTexts(s_tokens),
                ["tokenizer.ggml.scores"] = GgufValue.OfSingles([.. Enumerable.Range(0, s_tokens.Length).Select(static i => -i)]),
                ["tokenizer.ggml.token_type"] = GgufValue.OfInt32s(2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 2, 3),
                ["tokenizer.ggml.merges"] = GgufValue.OfTexts("h e", "l l", "he ll"),
                ["tokenizer.ggml.bos_token_id"] = GgufValue.OfUInt32(1),
                ["tokenizer.ggml.eos_token_id"] = GgufValue.OfUInt32(2),
                ["tokenizer.ggml.unknown_token_id"] = GgufValue.OfUInt32(14),
                ["tokenizer.ggml.add_bos_token"] = GgufValue.OfBoolean(true),
            });
            yield return File.ReadAllBytes(folder.File("a.gguf"));
        }
    }
}
