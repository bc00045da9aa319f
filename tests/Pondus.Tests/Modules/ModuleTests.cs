using Pondus.Formats;
using Pondus.Formats.Safetensors;
using Pondus.Layers;
using Pondus.Tests.Data;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void NamedParameters_Nested_HavePyTorchsNames()
    {
        RandomSource random = new(1);
        Sequential model = new(new Flatten(), new Linear(4, 3, random), new Relu(), new Sequential(new Linear(3, 2, random, useBias: false)));
        Assert.Equal(["1.weight", "1.bias", "3.0.weight"], model.NamedParameters().Select(static pair => pair.Name));
        Assert.Equal(["", "0", "1", "2", "3", "3.0"], model.NamedModules().Select(static pair => pair.Name));
    }

    [Fact]
    public void Summary_Network_CountsByHand()
    {
        RandomSource random = new(1);
        Linear first = new(4, 3, random), second = new(3, 2, random);
        first.Weight.RequiresGradient = false;
        ModuleSummary summary = new Sequential(first, new Relu(), second).Summary();
        // Weights 4 * 3 + 3 * 2, biases 3 + 2; the frozen 12 do not train; 4 bytes each.
        Assert.Equal((23, 11, 18, 5, 92), (summary.Total, summary.Trainable, summary.Weights, summary.Biases, summary.Bytes));
        Assert.Equal(
            """
               layer               parameters
            0  Linear(4 -> 3)              15
            1  Relu()                       0
            2  Linear(3 -> 2)               8
            23 parameters: 18 weights, 5 biases; 11 trainable; 92 bytes
            """.ReplaceLineEndings("\n"),
            summary.ToString());
    }

    [Fact]
    public void Summary_TiedWeight_CountsOnce()
    {
        Tied model = new();
        Assert.Equal(6, model.Summary().Total);
        Assert.Equal(["first.weight"], model.NamedParameters().Select(static pair => pair.Name));
        Assert.Single(new Pondus.Optimizers.Sgd(model.Parameters, new()).Parameters);
    }

    [Fact]
    public void Backward_TiedWeight_AddsBothUses()
    {
        Tied model = new();
        Step.Begin();
        Tensor x = Tensor.Ones([1, 3]);
        (model.First.Forward(x).Sum() + (2f * model.Second.Forward(x).Sum())).Backward();
        Step.End();
        Assert.All(model.First.OwnParameters[0].Gradient.ToArray(), static g => Assert.Equal(3f, g));
    }

    [Fact]
    public void Buffers_OfAModule_AreSavedButNotTrained()
    {
        using TestFolder folder = new();
        WithBuffer saved = new(3f), loaded = new(0f);
        Assert.Empty(saved.Parameters);
        Assert.Equal(["running_mean"], saved.NamedBuffers().Select(static pair => pair.Name));
        ModuleWeights.Save(saved, folder.File("weights"));
        ModuleWeights.Load(loaded, folder.File("weights"));
        Assert.Equal([3f, 3f], loaded.Buffer.ToArray());
    }

    [Fact]
    public void Add_NameTaken_IsNamed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new WithBuffer(0f, "running_mean"));
        Assert.StartsWith("WithBuffer: expected a name not used before, got 'running_mean' again.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherNetwork_ListsEveryDifferenceAndChangesNothing()
    {
        using TestFolder folder = new();
        RandomSource random = new(1);
        ModuleWeights.Save(new Sequential(new Linear(4, 3, random), new Linear(3, 2, random)), folder.File("weights"));
        Sequential other = new(new Linear(4, 5, random), new Relu(), new Linear(3, 2, random));
        string before = ModuleWeights.Digest(other);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => ModuleWeights.Load(other, folder.File("weights")));
        Assert.EndsWith(
            "expected the weights of Sequential, got: '0.weight' expected (5, 4), got (3, 4); '0.bias' expected (5), got (3); missing '2.weight'; missing '2.bias'; unexpected '1.bias'; unexpected '1.weight'.",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(before, ModuleWeights.Digest(other));
    }

    [Fact]
    public void Load_WholeNumbersAsWeights_IsRefused()
    {
        using TestFolder folder = new();
        Linear layer = new(2, 1, new RandomSource(1), useBias: false);
        WeightEntry entry = new("weight", "int32", [1, 2], 8, static (_, destination) => destination.Clear());
        SafetensorsWriter.Save(folder.File("weights"), [entry]);
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => ModuleWeights.Load(layer, folder.File("weights")));
        Assert.EndsWith("'weight' expected floating-point values, got int32.", error.Message, StringComparison.Ordinal);
    }

    private sealed class Tied : Module
    {
        public Tied()
        {
            First = AddModule("first", new Half(null));
            Second = AddModule("second", new Half(First.OwnParameters[0]));
        }

        public Half First { get; }

        public Half Second { get; }
    }

    private sealed class Half : Layer
    {
        public Half(Parameter? shared)
        {
            if (shared is null)
            {
                AddParameter("weight", [2, 3], new Pondus.Initializers.Zeros(), new RandomSource(1));
            }
            else
            {
                AddParameter(shared);
            }
        }

        public override Tensor Forward(Tensor x) => x.MatMul(OwnParameters[0], transposeRight: true);
    }

    private sealed class WithBuffer : Module
    {
        public WithBuffer(float value, string? again = null)
        {
            Buffer = AddBuffer("running_mean", [2], value);
            if (again is not null)
            {
                AddBuffer(again, [2], value);
            }
        }

        public Parameter Buffer { get; }
    }
}
