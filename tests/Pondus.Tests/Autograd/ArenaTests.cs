using Xunit;

namespace Pondus.Tests.Autograd;

public sealed unsafe class ArenaTests
{
    [Fact]
    public void Rent_NothingFromANewArena_GivesAnAddress()
    {
        Arena arena = new();
        Assert.False(arena.Rent(0, out float[] home) == null);
        Assert.NotEmpty(home);
    }

    [Fact]
    public void Rent_SeveralTimes_GivesAlignedRangesApart()
    {
        Arena arena = new();
        float* first = arena.Rent(17, out _), second = arena.Rent(3, out _), large = arena.Rent(100_000, out _);
        Assert.Equal(0, (nint)first & 63);
        Assert.Equal(0, (nint)large & 63);
        // 17 floats take two lines of 16.
        Assert.Equal(32, second - first);
    }

    [Fact]
    public void Reset_AfterSeveralChunks_MakesOneThatIsUsedAgain()
    {
        Arena arena = new();
        _ = arena.Rent(10_000, out float[] first);
        _ = arena.Rent(50_000, out float[] second);
        Assert.NotSame(first, second);
        arena.Reset();
        _ = arena.Rent(10_000, out first);
        _ = arena.Rent(50_000, out second);
        Assert.Same(first, second);
        arena.Reset();
        _ = arena.Rent(10_000, out second);
        Assert.Same(first, second);
    }

    [Fact]
    public void Reset_AfterLargeChunks_WalksTheSameOnesAgain()
    {
        // More than 16 MB are not joined, for both the old and the new memory would be alive.
        Arena arena = new();
        float*[] first = [arena.Rent(100, out _), arena.Rent(3_000_000, out _), arena.Rent(5_000_000, out _), arena.Rent(20, out _)];
        for (int step = 0; step < 3; step++)
        {
            arena.Reset();
            Assert.True(first[0] == arena.Rent(100, out _));
            Assert.True(first[1] == arena.Rent(3_000_000, out _));
            Assert.True(first[2] == arena.Rent(5_000_000, out float[] home));
            Assert.True(first[3] == arena.Rent(20, out _));
            Assert.True(home.Length >= 5_000_000);
        }
    }

    [Fact]
    public void Rent_WhatTheNextChunkCannotHold_TakesOneThatCan()
    {
        Arena arena = new();
        _ = arena.Rent(100, out _);
        _ = arena.Rent(3_000_000, out float[] middle);
        _ = arena.Rent(9_000_000, out float[] large);
        arena.Reset();
        _ = arena.Rent(9_000_000, out float[] again);
        _ = arena.Rent(3_000_000, out float[] then);
        Assert.Same(large, again);
        Assert.Same(middle, then);
    }

    [Fact]
    public void RentGradient_AfterAReturn_GivesTheSameBuffer()
    {
        Arena arena = new();
        float* first = arena.RentGradient(20), other = arena.RentGradient(30);
        arena.ReturnGradient(first, 20);
        Assert.False(arena.RentGradient(21) == first);
        Assert.True(arena.RentGradient(20) == first);
        Assert.False(arena.RentGradient(20) == first);
        Assert.False(other == first);
    }
}
