using Pondus.Data;

namespace Pondus.Text;

/// <summary>Samples of a text for learning to predict the next token.</summary>
public static class TextDataset
{
    /// <summary>Cuts tokens into neighboring windows; the target of each place is the token behind it.</summary>
    /// <remarks>
    /// <para>Shape: inputs and labels (context). A window's last target is the next window's first input, so n tokens have n - 1 places to predict.</para>
    /// <para>An epoch is one pass over the text. With <paramref name="shifts"/> the windows of each shuffled epoch begin elsewhere, at a place that
    /// the loader's stream gives, so that in time every token is met at every place of a window; unshuffled they begin at the first token.</para>
    /// <para>Memory: 8 bytes a token.</para>
    /// </remarks>
    /// <param name="tokens">The text's tokens, more than <paramref name="context"/>.</param>
    /// <param name="vocabulary">What they stand for; its tokens become the class names.</param>
    /// <param name="context">Tokens of a window, at least 1.</param>
    /// <param name="shifts">Whether the windows of each shuffled epoch begin elsewhere.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="context"/> is below 1, or the text is too short.</exception>
    public static Dataset Windows(ReadOnlySpan<int> tokens, Vocabulary vocabulary, int context, bool shifts = true)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        if (tokens.Length <= context)
        {
            throw new ArgumentOutOfRangeException(nameof(tokens), $"TextDataset: expected more than {context} tokens, one window and the token behind it, got {tokens.Length}. Give more text or a shorter context.");
        }

        float[] inputs = new float[tokens.Length - 1];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = tokens[i];
        }

        return Dataset.Windows(inputs, tokens[1..].ToArray(), context, shifts, vocabulary.Tokens);
    }
}
