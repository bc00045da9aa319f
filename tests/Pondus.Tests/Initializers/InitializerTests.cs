using Pondus.Initializers;
using Xunit;

namespace Pondus.Tests.Initializers;

public sealed class InitializerTests
{
    public static TheoryData<string> All => [.. s_all.Keys];

    private static readonly Dictionary<string, Initializer> s_all = new(StringComparer.Ordinal)
    {
        ["Zeros"] = new Zeros(),
        ["Constant(0.5)"] = new Pondus.Initializers.Constant(0.5f),
        ["Uniform(-1, 2)"] = new Uniform(-1f, 2f),
        ["Normal(1, 0.5)"] = new Normal(1f, 0.5f),
        ["TruncatedNormal(1, 0.5)"] = new TruncatedNormal(1f, 0.5f),
        ["XavierUniform(1)"] = new XavierUniform(),
        ["XavierNormal(2)"] = new XavierNormal(2f),
        ["HeUniform"] = new HeUniform(),
        ["HeNormal"] = new HeNormal(),
        ["LeCunUniform"] = new LeCunUniform(),
        ["LeCunNormal"] = new LeCunNormal(),
        ["Orthogonal(1)"] = new Orthogonal(),
    };

    [Fact]
    public void Library_PublicInitializers_AreAllTested() => Assert.Equal(
        typeof(Initializer).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(Initializer))).Select(static type => type.Name).Order(StringComparer.Ordinal),
        s_all.Values.Select(static one => one.GetType().Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(All))]
    public void Fill_SameSeed_GivesTheSameBits(string printed)
    {
        Initializer one = s_all[printed];
        Assert.Equal(printed, one.ToString());
        Assert.Equal(Draw(one, [7, 5], 3), Draw(one, [7, 5], 3));
        if (one is not (Zeros or Pondus.Initializers.Constant))
        {
            Assert.NotEqual(Draw(one, [7, 5], 3), Draw(one, [7, 5], 4));
        }
    }

    [Fact]
    public void Fill_GivenNumbers_AreUsed()
    {
        Assert.All(Draw(new Zeros(), [3, 3], 1), static v => Assert.Equal(0f, v));
        Assert.All(Draw(new Pondus.Initializers.Constant(0.5f), [3, 3], 1), static v => Assert.Equal(0.5f, v));
        float[] uniform = Draw(new Uniform(-1f, 2f), [100, 1000], 1);
        Assert.All(uniform, static v => Assert.InRange(v, -1f, 2f));
        // The mean's standard error is 3 / sqrt(12 * 100,000) = 0.0027.
        Assert.Equal(0.5, uniform.Average(), 0.014);
        Assert.Equal(1.0, Draw(new Normal(1f, 0.5f), [100, 1000], 1).Average(), 0.008);
        Assert.All(Draw(new TruncatedNormal(1f, 0.5f), [100, 1000], 1), static v => Assert.InRange(v, 0f, 2f));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 8)]
    [InlineData(8, 3)]
    public void Fill_Orthogonal_ShorterSideStandsAtRightAngles(int rows, int columns)
    {
        float[] w = Draw(new Orthogonal(2f), [rows, columns], 1);
        int count = Math.Min(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int k = 0; k < Math.Max(rows, columns); k++)
                {
                    dot += rows <= columns ? (double)w[(i * columns) + k] * w[(j * columns) + k] : (double)w[(k * columns) + i] * w[(k * columns) + j];
                }

                // Length 2, so the square is 4.
                Assert.Equal(i == j ? 4 : 0, dot, 1e-5);
            }
        }
    }

    [Fact]
    public void Fill_OrthogonalOfABias_SaysWhatToUse()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => Draw(new Orthogonal(), [5], 1));
        Assert.Equal("Orthogonal: expected at least two axes with values, got (5). Use Zeros for a bias.", error.Message);
    }

    [Fact]
    public void Fans_Shapes_CountInputsAndOutputs()
    {
        Assert.Equal((3, 2), Initializer.Fans([2, 3]));
        // A kernel's field multiplies both: 3 * 5 * 7 in, 2 * 5 * 7 out.
        Assert.Equal((105, 70), Initializer.Fans([2, 3, 5, 7]));
        Assert.Equal((4, 4), Initializer.Fans([4]));
        Assert.Equal((1, 1), Initializer.Fans([]));
    }

    private static float[] Draw(Initializer initializer, Shape shape, ulong seed)
    {
        float[] values = new float[shape.Count];
        initializer.Fill(values, shape, new RandomSource(seed));
        return values;
    }
}
