using Pondus.Formats;
using Pondus.Weights;
using Xunit;

namespace Pondus.Tests.WeightFiles;

public sealed class SpectrumTests
{
    private const double Close = 1e-12;

    [Fact]
    public void Of_MatrixWorkedByHand_GivesItsValues()
    {
        // A A' = [[25, 20], [20, 25]] has the eigenvalues 45 and 5.
        Spectrum spectrum = Spectrum.Of(Entry([2, 2], 3, 4, 0, 5))!;
        Assert.Equal(Math.Sqrt(45), spectrum.SingularValues[0], Close);
        Assert.Equal(Math.Sqrt(5), spectrum.SingularValues[1], Close);
        Assert.Equal(3, spectrum.Condition, Close);
        Assert.Equal(50.0 / 45, spectrum.StableRank, Close);

        // p = 3/4 and 1/4: exp(3/4 ln 4/3 + 1/4 ln 4).
        Assert.Equal(Math.Exp((0.75 * Math.Log(4.0 / 3)) + (0.25 * Math.Log(4))), spectrum.EffectiveRank, Close);
        Assert.Null(spectrum.PowerLaw);
    }

    [Theory]
    [InlineData(1000, 7)]
    [InlineData(7, 1000)]
    [InlineData(40, 40)]
    [InlineData(129, 65)]
    public void Of_ProductOfLowRank_HasThatRank(int rows, int columns)
    {
        // The outer products of sines and cosines of three frequencies.
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                values[(i * columns) + j] = (i % 5 * (j % 3)) + (i % 2 * (j % 7)) + 1;
            }
        }

        Spectrum spectrum = Spectrum.Of(Entry([rows, columns], values))!;
        Assert.Equal(3, spectrum.Rank);
        Assert.Equal(Math.Sqrt(values.Sum(static v => (double)v * v)), spectrum.FrobeniusNorm, 1e-9);
        Assert.True(double.IsPositiveInfinity(spectrum.Condition) || spectrum.Condition > 1e14);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1.0)]
    [InlineData(1e300)]
    public void Of_DiagonalOfAnyScale_GivesItsMagnitudes(double scale)
    {
        // Graded over twelve decades, with a zero inside: what squaring would lose.
        double[] diagonal = [1, -1e-12, 0, 1e-3, 1e-6, -0.5];
        double[] values = new double[36];
        for (int i = 0; i < 6; i++)
        {
            values[i * 7] = diagonal[i] * scale;
        }

        Spectrum spectrum = Spectrum.Of(new WeightEntry("d", "float64", [6, 6], values.SelectMany(BitConverter.GetBytes).ToArray()))!;
        double[] expected = [1, 0.5, 1e-3, 1e-6, 1e-12, 0];
        Assert.Equal(expected.Select(value => value * scale), spectrum.SingularValues);
        Assert.Equal(5, spectrum.Rank);
    }

    [Fact]
    public void Of_UpperBidiagonalWithZeroOnItsDiagonal_GivesTheValuesOfTheGramMatrix()
    {
        // Rows (1, 1, 0), (0, 0, 1), (0, 0, 2): the last two are one direction of length sqrt 5, the first has length sqrt 2.
        Spectrum spectrum = Spectrum.Of(Entry([3, 3], 1, 1, 0, 0, 0, 1, 0, 0, 2))!;
        Assert.Equal(Math.Sqrt(5), spectrum.SingularValues[0], Close);
        Assert.Equal(Math.Sqrt(2), spectrum.SingularValues[1], Close);
        Assert.Equal(0, spectrum.SingularValues[2], Close);
    }

    [Fact]
    public void Of_ZeroMatrix_HasRankZeroAndNoNaN()
    {
        Spectrum spectrum = Spectrum.Of(Entry([9, 9], new float[81]))!;
        Assert.Equal((0.0, 0.0, 0.0, 0), (spectrum.SpectralNorm, spectrum.StableRank, spectrum.EffectiveRank, spectrum.Rank));
    }

    [Fact]
    public void Of_WhatIsNoMatrixOfNumbers_IsNull()
    {
        Assert.Null(Spectrum.Of(Entry([4], 1, 2, 3, 4)));
        Assert.Null(Spectrum.Of(Entry([4, 1], 1, 2, 3, 4)));
        Assert.Null(Spectrum.Of(Entry([2, 2], 1, float.NaN, 3, 4)));
        Assert.Null(Spectrum.Of(new WeightEntry("i", "int8", [2, 2], new byte[4])));
        Assert.Null(Spectrum.Of(new WeightEntry("e", "float32", [0, 2], ReadOnlyMemory<byte>.Empty)));
    }

    [Fact]
    public void Of_OrthogonalMatrix_HasValuesOfOne()
    {
        // The Sylvester matrix of order 256: rows are orthogonal and 16 long.
        float[] values = new float[256 * 256];
        for (int i = 0; i < 256; i++)
        {
            for (int j = 0; j < 256; j++)
            {
                values[(i * 256) + j] = (System.Numerics.BitOperations.PopCount((uint)(i & j)) & 1) == 0 ? 1f : -1f;
            }
        }

        Spectrum spectrum = Spectrum.Of(Entry([256, 256], values))!;
        Assert.All(spectrum.SingularValues, static value => Assert.Equal(16, value, Close));
        Assert.Equal(256, spectrum.EffectiveRank, 1e-9);
    }

    [Fact]
    public void Fit_ParetoQuantiles_FindsTheExponent()
    {
        // Quantiles of the density x^-3 from 1 on: x = (1 - q)^(-1/2).
        double[] values = [.. Enumerable.Range(0, 2000).Select(static i => Math.Pow(1 - ((i + 0.5) / 2000), -0.5))];
        SpectrumPowerLaw law = SpectrumPowerLaw.Fit(values, values.Length)!;
        Assert.Equal(3, law.Alpha, 0.02);
        Assert.Equal((law.Alpha - 1) / Math.Sqrt(law.SpikeCount), law.Sigma, Close);
        Assert.Equal("", law.Warning);
    }

    private static WeightEntry Entry(int[] shape, params float[] values) => WeightEntry.OfSingle("w", shape, values);
}
