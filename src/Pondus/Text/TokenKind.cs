namespace Pondus.Text;

/// <summary>What a token of a vocabulary stands for; the numbers are those of SentencePiece and of GGUF.</summary>
public enum TokenKind
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Whatever the vocabulary has no pieces for.</summary>
    Unknown = 2,

    /// <summary>A mark such as the begin of a text; it is never read out of text, and decodes to nothing.</summary>
    Control = 3,

    /// <summary>A text that is always one token: it is cut out before all else.</summary>
    UserDefined = 4,

    /// <summary>A number without a meaning.</summary>
    Unused = 5,

    /// <summary>One byte of UTF-8, for characters without a piece.</summary>
    Byte = 6,
}
