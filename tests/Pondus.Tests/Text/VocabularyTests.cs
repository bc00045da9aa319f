using Pondus.Text;
using Xunit;

namespace Pondus.Tests.Text;

public sealed class VocabularyTests
{
    [Fact]
    public void OfCharacters_Text_PutsTheMostFrequentFirstAndEqualOnesByCodePoint()
    {
        // b three times, a and space twice, z once.
        Vocabulary vocabulary = Vocabulary.OfCharacters("ba ba bz");
        Assert.Equal(["b", " ", "a", "z"], vocabulary.Tokens);
        Assert.Equal([0, 2, 1, 0, 2, 1, 0, 3], vocabulary.Encode("ba ba bz"));
        Assert.Equal("bazba", vocabulary.Decode(0, 2, 3, 0, 2));
    }

    [Fact]
    public void OfCharacters_MoreThanTheMaximum_GivesTheRarestOneTokenTogether()
    {
        Vocabulary vocabulary = Vocabulary.OfCharacters("aaabbcd", maximumCount: 3);
        Assert.Equal(["a", "b", Vocabulary.Other], vocabulary.Tokens);
        Assert.Equal([0, 1, 2, 2, 2], vocabulary.Encode("abcd?"));
        Assert.Equal(["a", "b", "c", "d"], Vocabulary.OfCharacters("aaabbcd", maximumCount: 4).Tokens);
    }

    [Fact]
    public void Encode_CharactersOfTwoCodeUnits_AreOneToken()
    {
        Vocabulary vocabulary = Vocabulary.OfCharacters("\U0001F600\U0001F600é");
        Assert.Equal(2, vocabulary.Count);
        Assert.Equal([0, 1], vocabulary.Encode("\U0001F600é"));
        Assert.Equal("é\U0001F600", vocabulary.Decode(1, 0));
    }

    [Fact]
    public void Encode_UnknownCharacter_IsNamedWithItsPlace()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Vocabulary("a", "b").Encode("abx"));
        Assert.Equal("Vocabulary: expected characters among the 2 known ones, got 'x' at character 2. (Parameter 'text')", error.Message);
        error = Assert.Throws<ArgumentException>(() => new Vocabulary("a").Encode("\n"));
        Assert.StartsWith("Vocabulary: expected characters among the 1 known ones, got U+000A at character 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_UnknownToken_IsRefused()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new Vocabulary("a").Decode(0, 1));
        Assert.StartsWith("Vocabulary: expected tokens from 0 to 0, got 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TokensThatAreNoVocabulary_AreRefused()
    {
        Assert.StartsWith("Vocabulary: expected tokens of one character, got 'ab' at 1.", Assert.Throws<ArgumentException>(() => new Vocabulary("a", "ab")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Vocabulary: expected each token once, got 'a' again at 2.", Assert.Throws<ArgumentException>(() => new Vocabulary("a", "b", "a")).Message, StringComparison.Ordinal);
    }
}
