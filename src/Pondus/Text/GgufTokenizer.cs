using Pondus.Formats;
using Pondus.Formats.Gguf;

namespace Pondus.Text;

/// <summary>Makes the tokenizer of the vocabulary that a GGUF file has in its metadata.</summary>
/// <remarks>Kinds: <c>llama</c> (SentencePiece by scores), <c>gpt2</c> with the ways of GPT-2, Llama 3 and Qwen 2 to cut words, <c>bert</c> (WordPiece).</remarks>
/// <example><code>
/// Tokenizer tokenizer = GgufTokenizer.Load("model.gguf");
/// int[] tokens = tokenizer.EncodeMarked("Once upon a time");
/// </code></example>
public static class GgufTokenizer
{
    private const string Prefix = "tokenizer.ggml.";

    private static readonly Dictionary<string, WordSplitting> s_splittings = new(StringComparer.Ordinal)
    {
        ["gpt-2"] = WordSplitting.Gpt2,
        ["llama-bpe"] = WordSplitting.Llama3,
        ["qwen2"] = WordSplitting.Qwen2,
    };

    /// <summary>Makes the tokenizer of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tokenizer; the file is closed again.</returns>
    /// <exception cref="WeightFormatException">The file or its vocabulary breaks a rule.</exception>
    /// <exception cref="NotSupportedException">The vocabulary is of another kind; the message names it.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static Tokenizer Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return Of(file);
    }

    /// <summary>Makes the tokenizer of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="WeightFormatException">The vocabulary breaks a rule, or there is none.</exception>
    /// <exception cref="NotSupportedException">The vocabulary is of another kind; the message names it.</exception>
    public static Tokenizer Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            return Make(file);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new WeightFormatException(file.Path, 0, $"the vocabulary breaks a rule. {error.Message}");
        }
    }

    private static Tokenizer Make(GgufFile file)
    {
        string model = Require(file, "model").AsText();
        string[] tokens = Require(file, "tokens").AsTexts();
        TokenKind[] kinds = file.Values.TryGetValue(Prefix + "token_type", out GgufValue? types)
            ? Array.ConvertAll(types.AsInt64s(), static type => (TokenKind)type)
            : [.. Enumerable.Repeat(TokenKind.Normal, tokens.Length)];
        switch (model)
        {
            case "llama":
                return new SentencePieceTokenizer(tokens, Array.ConvertAll(Require(file, "scores").AsDoubles(), static score => (float)score), kinds)
                {
                    BeginToken = Token(file, "bos", tokens.Length),
                    EndToken = Token(file, "eos", tokens.Length),
                    AddsBegin = Flag(file, "add_bos_token", otherwise: true),
                    AddsEnd = Flag(file, "add_eos_token", otherwise: false),
                    AddsSpace = Flag(file, "add_space_prefix", otherwise: true),
                };
            case "gpt2":
                WordSplitting splitting = SplittingOf(file);
                return new BytePairTokenizer(tokens, Require(file, "merges").AsTexts(), kinds)
                {
                    Splitting = splitting,
                    TakesWholeWords = splitting == WordSplitting.Llama3,
                    BeginToken = Token(file, "bos", tokens.Length),
                    EndToken = Token(file, "eos", tokens.Length),
                    AddsBegin = Flag(file, "add_bos_token", otherwise: splitting == WordSplitting.Llama3),
                    AddsEnd = Flag(file, "add_eos_token", otherwise: false),
                };
            case "bert":
                // The key of the separator was misspelled in the format for years.
                return new WordPieceTokenizer(tokens, Token(file, "unknown", tokens.Length) ?? 100, kinds)
                {
                    BeginToken = Token(file, "cls", tokens.Length) ?? Token(file, "bos", tokens.Length),
                    EndToken = Token(file, "seperator", tokens.Length) ?? Token(file, "separator", tokens.Length),
                    AddsBegin = Flag(file, "add_bos_token", otherwise: true),
                    AddsEnd = Flag(file, "add_eos_token", otherwise: true),
                };
            default:
                throw new NotSupportedException($"{file.Path}: '{Prefix}model': expected a vocabulary of kind llama, gpt2 or bert, got {model}.");
        }
    }

    private static WordSplitting SplittingOf(GgufFile file)
    {
        // Vocabularies without the key are older than it, and GPT-2's was then the only way.
        string name = file.Values.TryGetValue(Prefix + "pre", out GgufValue? value) ? value.AsText() : "gpt-2";
        return s_splittings.TryGetValue(name, out WordSplitting splitting)
            ? splitting
            : throw new NotSupportedException($"{file.Path}: '{Prefix}pre': expected words cut as one of {string.Join(", ", s_splittings.Keys)}, got {name}.");
    }

    private static GgufValue Require(GgufFile file, string key) => file.Values.TryGetValue(Prefix + key, out GgufValue? value)
        ? value
        : throw new WeightFormatException(file.Path, 0, $"expected a vocabulary with '{Prefix}{key}', got no such key among {file.Values.Count}.");

    private static bool Flag(GgufFile file, string key, bool otherwise) =>
        file.Values.TryGetValue(Prefix + key, out GgufValue? value) ? value.AsBoolean() : otherwise;

    private static int? Token(GgufFile file, string name, int count)
    {
        if (!file.Values.TryGetValue($"{Prefix}{name}_token_id", out GgufValue? value))
        {
            return null;
        }

        long token = value.AsInt64();
        return token >= 0 && token < count
            ? (int)token
            : throw new WeightFormatException(file.Path, 0, $"'{Prefix}{name}_token_id': expected a token from 0 to {count - 1}, got {token}.");
    }
}
