using Pondus.Cli.Output;
using Pondus.Formats;
using Pondus.Weights;
using Xunit;

namespace Pondus.Cli.Tests.Output;

public sealed class InspectionTableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    [InlineData(200)]
    public void Write_AnyWidth_StaysWithinIt(int width)
    {
        string[] lines = Lines(width);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.StartsWith("All names begin with model.", lines[0], StringComparison.Ordinal);
        Assert.Equal(width >= 120, lines[1].Contains("max", StringComparison.Ordinal));
        Assert.Contains("std", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoTerminal_CutsNothing() =>
        Assert.Contains(Lines(width: null), static line => line.StartsWith("model.encoder.layer.11.attention.output.dense.weight ", StringComparison.Ordinal));

    private static string[] Lines(int? width)
    {
        float[] values = [.. Enumerable.Range(0, 64).Select(static i => (i % 11) - (i % 7 * 1.01f))];
        InspectionTensor[] tensors = [.. new[] { "model.encoder.layer.11.attention.output.dense.weight", "model.pooler.weight" }
            .Select(name => WeightEntry.OfSingle(name, [8, 8], values))
            .Select(static entry => new InspectionTensor { Entry = entry, Spectrum = Spectrum.Of(entry) })];
        using StringWriter writer = new();
        InspectionTable.Write(writer, tensors, width);
        return writer.ToString().ReplaceLineEndings("\n").Split('\n');
    }
}
