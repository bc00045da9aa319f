namespace Pondus.Text;

/// <summary>The ways to cut a text into the words within which bytes are joined.</summary>
public enum WordSplitting
{
    /// <summary>GPT-2's: runs of letters, of numbers and of other characters, each with a space in front.</summary>
    Gpt2,

    /// <summary>Llama 3's, which is GPT-4's: numbers in threes, line ends apart, any one character in front of letters.</summary>
    Llama3,

    /// <summary>Qwen 2's: as Llama 3's, but each digit alone.</summary>
    Qwen2,
}
