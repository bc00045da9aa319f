using Pondus.Cli.Output;
using Xunit;

namespace Pondus.Cli.Tests.Output;

public class LossChartTests
{
    [Fact]
    public void Write_FallingLoss_DrawsFromTopLeftToBottomRight()
    {
        StringWriter writer = new();
        LossChart.Write(writer, [new(1, 4, null), new(2, 3, 2), new(3, 2, 1), new(4, 1, null)], width: 4, height: 4);
        string expected = """
                4.0000 |*
                       | *
                       | o*
                1.0000 |  o*
                       +----
                        epoch 1 to 4, loss: * training, o validation

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), writer.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_LossOverDecades_IsLogarithmic()
    {
        StringWriter writer = new();
        LossChart.Write(writer, [new(1, 100, null), new(2, 10, null), new(3, 1, null)], width: 3, height: 3);
        string expected = """
              100.0000 |*
                       | *
                1.0000 |  *
                       +---
                        epoch 1 to 3, loss (log scale): * training

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), writer.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_NothingFinite_WritesNothing()
    {
        StringWriter writer = new();
        LossChart.Write(writer, [new(1, double.NaN, null), new(2, double.PositiveInfinity, null)]);
        Assert.Equal(string.Empty, writer.ToString());
    }

    [Fact]
    public void Write_ConstantLoss_DrawsALine()
    {
        StringWriter writer = new();
        LossChart.Write(writer, [new(1, 2, null), new(2, 2, null)], width: 2, height: 2);
        Assert.Contains("2.0000 |**\n", writer.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FewEpochsInManyColumns_JoinsThem()
    {
        StringWriter writer = new();
        LossChart.Write(writer, [new(1, 3, null), new(2, 1, null)], width: 3, height: 3);
        Assert.Contains("| *\n", writer.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
