using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

/// <summary>Tokenizers with vocabularies small enough to follow by hand.</summary>
public sealed class TokenizerTests
{
    [Fact]
    public void SentencePiece_Encode_JoinsTheBestScoreFirst()
    {
        SentencePieceTokenizer tokenizer = Pieces();
        // With the space in front: _ a b b -> "ab" has the best score, then "_ab" joins, and the last b stays.
        Assert.Equal([7, 4], tokenizer.Encode("abb"));
        Assert.Equal([1, 7, 4, 2], tokenizer.EncodeMarked("abb"));
        Assert.Equal("abb", tokenizer.Decode(1, 7, 4, 2));
        Assert.Empty(tokenizer.Encode(""));
    }

    [Fact]
    public void SentencePiece_CharacterWithoutPiece_BecomesItsBytesOrUnknown()
    {
        SentencePieceTokenizer tokenizer = Pieces();
        // U+00E9 is C3 A9 in UTF-8, and the vocabulary has both bytes; z it has not.
        Assert.Equal([5, 8, 9], tokenizer.Encode("é"));
        Assert.Equal("é", tokenizer.Decode(5, 8, 9));
        Assert.Equal([5, 0], tokenizer.Encode("z"));
        Assert.Equal("\u2047", tokenizer.Decode(5, 0));
    }

    [Theory]
    [InlineData("\uD83D")]
    [InlineData("\uD83D\u4E2D")]
    [InlineData("\uDE00\uD83D")]
    public void SentencePiece_HalfACharacter_IsUnknown(string text)
    {
        // The space in front, then one unknown token for each: the vocabulary has neither it nor the bytes of U+FFFD.
        Assert.Equal([5, .. Enumerable.Repeat(0, text.Length)], Pieces().Encode(text));
    }

    [Fact]
    public void SentencePiece_TextThatLooksLikeAMark_IsText()
    {
        // <s> is a control token; <x> is user-defined, and cut out whole; what follows it gets no space.
        Assert.Equal([5, 10, 3], Pieces().Encode(" <x>a")[^3..]);
        Assert.DoesNotContain(1, Pieces().Encode("<s>"));
    }

    [Fact]
    public void BytePair_Encode_JoinsInTheOrderOfTheMergesWithinWords()
    {
        BytePairTokenizer tokenizer = Bytes();
        // "ab" is merge 0 and "bc" merge 1: a b c -> ab c. The space belongs to the word behind it: G-dot a b -> G-dot ab.
        Assert.Equal([4, 2], tokenizer.Encode("abc"));
        Assert.Equal([4, 6], tokenizer.Encode("ab ab"));
        Assert.Equal([0, 3, 3, 5], tokenizer.Encode("a  bc"));
        Assert.Equal("ab ab", tokenizer.Decode(4, 6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WordPiece_BothSpellings_GiveTheLongestPieces(bool marksBegins)
    {
        string[] tokens = marksBegins
            ? ["[UNK]", "\u2581play", "ing", "\u2581a", "\u2581!", "\u2581\u4E2D"]
            : ["[UNK]", "play", "##ing", "a", "!", "\u4E2D"];
        WordPieceTokenizer tokenizer = new(tokens, 0, [TokenKind.Unknown, .. Enumerable.Repeat(TokenKind.Normal, 5)]);
        Assert.Equal([1, 2, 4], tokenizer.Encode("PLAYing!"));
        Assert.Equal([3, 5, 3], tokenizer.Encode(" \u00C1\u4E2Da\u0301\u200B"));
        // "played" begins with a piece, but the rest has none: the whole word is unknown.
        Assert.Equal([0, 3], tokenizer.Encode("played a"));
        Assert.Equal([0], tokenizer.Encode(new string('a', 101)));
        Assert.Equal("playing a", tokenizer.Decode(1, 2, 3));
    }

    [Fact]
    public void Words_Hangul_FallsIntoItsLetters()
    {
        // U+D55C = 0xAC00 + (18 * 21 + 0) * 28 + 4: the letters U+1112 U+1161 U+11AB.
        Assert.Equal(["\u1112\u1161\u11AB"], WordNormalization.Words("\uD55C"));
    }

    [Fact]
    public void Words_WhatIsNoCharacterOfText_IsDroppedOrKeptAsOthersDo()
    {
        // A form feed is dropped although it is white space; U+0383, which Unicode has not assigned, stays.
        Assert.Equal(["ab", "\u0383c", "d"], WordNormalization.Words("A\fb \u0383C\td"));
    }

    [Fact]
    public void Encode_LongWord_TakesNoQuadraticTime()
    {
        // A hundred thousand bytes of one word: with a search through all pairs for each merge this would take minutes.
        BytePairTokenizer tokenizer = Bytes();
        Assert.Equal(50_000, tokenizer.Encode(string.Concat(Enumerable.Repeat("ab", 50_000))).Length);
    }

    [Fact]
    public void Decode_NumberWithoutToken_SaysWhichThereAre()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Bytes().Decode(7));
        Assert.StartsWith("BytePairTokenizer: expected tokens from 0 to 6, got 7.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_HalfACharacter_IsReplaced() => Assert.Equal([5, 0], Pieces().Encode("\uD83D"));

    private static BytePairTokenizer Bytes() =>
        new(["a", "b", "c", "\u0120", "ab", "bc", "\u0120ab"], ["a b", "b c", "\u0120 ab", "no such"]);

    private static SentencePieceTokenizer Pieces()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "a", "b", "\u2581", "ab", "\u2581ab", "<0xC3>", "<0xA9>", "<x>", "bb"];
        float[] scores = [0, 0, 0, -10, -10, -10, -1, -2, 0, 0, 0, -3];
        TokenKind[] kinds =
        [
            TokenKind.Unknown, TokenKind.Control, TokenKind.Control, TokenKind.Normal, TokenKind.Normal, TokenKind.Normal,
            TokenKind.Normal, TokenKind.Normal, TokenKind.Byte, TokenKind.Byte, TokenKind.UserDefined, TokenKind.Normal,
        ];
        return new SentencePieceTokenizer(tokens, scores, kinds) { BeginToken = 1, EndToken = 2, AddsBegin = true, AddsEnd = true };
    }
}
