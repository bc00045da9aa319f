using Pondus.Layers;
using Pondus.Networks;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Networks;

public sealed class RecurrentNetworkTests
{
    private static readonly LayerCase[] s_all =
    [
        new(r => new RecurrentNetwork(new Lstm(3, 4, r, layers: 2, bidirectional: true), 2, r), [3, 5, 3], "RecurrentNetwork(Lstm(3 -> 4, 2 layers, bidirectional), Linear(8 -> 2))", [3, 5], "Lstm(3 -> 4, 2 layers, bidirectional): expected input of shape (batch, time, 3), got (3, 5)."),
        new(r => new RecurrentNetwork(new Gru(3, 4, r), 2, r, everyStep: true), [3, 1, 5, 3], "RecurrentNetwork(Gru(3 -> 4), Linear(4 -> 2), every step)", [3, 5, 4], "Gru(3 -> 4): expected input of shape (batch, time, 3), got (3, 5, 4)."),
    ];

    public static TheoryData<string> Cases => [.. s_all.Select(static one => one.Printed)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Network_Battery_Holds(string printed)
    {
        LayerCase one = s_all.Single(c => c.Printed == printed);
        LayerBattery.OutputShape(one);
        LayerBattery.SameSeed(one);
        LayerBattery.SaveAndLoad(one);
        LayerBattery.EmptyBatch(one);
        LayerBattery.RowsAlone(one);
        LayerBattery.WrongShape(one);
    }

    [Fact]
    public void Backward_Sequences_GiveTheSlope()
    {
        RecurrentNetwork network = new(new Lstm(3, 4, new RandomSource(1), bidirectional: true), 2, new RandomSource(2));
        GradientCheck.Check("RecurrentNetwork", x => network.Forward(x[0], [2, 4]), [Tensor.Normal([2, 4, 3], 0f, 1f, new RandomSource(3))], [.. network.Parameters]);
    }

    [Fact]
    public void NamedParameters_TokensToTokens_AreThoseOfItsParts()
    {
        RecurrentNetwork network = new(new Lstm(4, 3, new RandomSource(1)), 7, new RandomSource(2), new Embedding(7, 4, new RandomSource(3)), everyStep: true);
        Assert.Equal(["embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "head.weight", "head.bias"], network.NamedParameters().Select(static p => p.Name));
        Assert.Equal([2, 5, 7], network.Forward(Tensor.Ones([2, 5])).Shape.ToArray());
        Assert.Equal([5, 7], network.OutputShape([5]).ToArray());
    }

    [Fact]
    public void Constructor_PartsThatDoNotFit_AreRefused()
    {
        Assert.StartsWith("RecurrentNetwork: expected a layer with the batch first, got Gru(3 -> 4) with time first.", Assert.Throws<ArgumentException>(() => new RecurrentNetwork(new Gru(3, 4, new RandomSource(1), batchFirst: false), 2, new RandomSource(1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("RecurrentNetwork: expected an embedding of size 3 before Gru(3 -> 4), got Embedding(5 x 2).", Assert.Throws<ArgumentException>(() => new RecurrentNetwork(new Gru(3, 4, new RandomSource(1)), 2, new RandomSource(1), new Embedding(5, 2, new RandomSource(1)))).Message, StringComparison.Ordinal);
    }
}
