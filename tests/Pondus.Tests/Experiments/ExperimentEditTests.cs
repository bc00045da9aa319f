using Pondus.Experiments;
using Xunit;

namespace Pondus.Tests.Experiments;

public class ExperimentEditTests
{
    private static Experiment Letters => Recipes.Get("letters");

    [Theory]
    [InlineData("optimizer.learningRate=0.01", "optimizer.learningRate: 0.001 -> 0.01")]
    [InlineData("model[1].out=64", "model[1].out: 128 -> 64")]
    [InlineData("model.1.weight.type=Zeros", "model[1].weight.type: \"HeNormal\" -> \"Zeros\"")]
    [InlineData("name=my-run", "name: \"letters\" -> \"my-run\"")]
    [InlineData("training.earlyStopping.patience=3", "training.earlyStopping: null -> {\"patience\":3,\"minimumDelta\":0}")]
    [InlineData("metrics=[]", "metrics: [\"Accuracy\"] -> []")]
    [InlineData("monitor=off", "monitor.level: \"light\" -> \"off\"")]
    [InlineData("loss.smoothing=0.1", "loss.smoothing: 0 -> 0.1")]
    [InlineData("seed=1", null)]
    public void Apply_OneEdit_ChangesThatSettingAlone(string text, string? change)
    {
        Experiment edited = Letters.Apply(ExperimentEdit.Parse(text));
        Assert.Equal(change is null ? [] : [change], Letters.ChangesTo(edited).Select(c => c.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public void Apply_NewType_KeepsGivenSettingsAndDropsDefaults()
    {
        Experiment edited = Letters.Apply(new ExperimentEdit("optimizer.learningRate", "0.5"), new ExperimentEdit("optimizer.type", "Sgd"));
        Assert.Equal(0.5, Assert.IsType<SgdSettings>(edited.Optimizer).LearningRate);
    }

    [Fact]
    public void Apply_WholeSection_ReplacesIt()
    {
        Experiment edited = Letters.Apply(new ExperimentEdit("optimizer", "Sgd"), new ExperimentEdit("model", "{\"network\": \"mlp\", \"hidden\": [5]}"));
        Assert.Equal(0.01, Assert.IsType<SgdSettings>(edited.Optimizer).LearningRate);
        Assert.Equal([5], Assert.IsType<MlpSettings>(edited.Model).Hidden);
    }

    [Fact]
    public void Apply_SettingOfASectionGivenByItsName_ChangesIt()
    {
        Experiment edited = Letters.Apply(new ExperimentEdit("optimizer", "Sgd"), new ExperimentEdit("optimizer.momentum", "0.9"), new ExperimentEdit("monitor", "off"));
        Assert.Equal(0.9, Assert.IsType<SgdSettings>(edited.Optimizer).Momentum);
    }

    [Theory]
    [InlineData("optimizer.lerningRate=1", "optimizer.lerningRate: unknown key. Did you mean 'learningRate'?")]
    [InlineData("optimiser.learningRate=1", "optimiser: unknown key. Did you mean 'optimizer'?")]
    [InlineData("model[9].out=1", "model: expected an index from 0 to 3, got '9'.")]
    [InlineData("model.out=1", "model: expected an index from 0 to 3, got 'out'.")]
    [InlineData("name.first=1", "name.first: expected a setting, got name, which is \"letters\" and has none.")]
    [InlineData("training.epochs=0", "training.epochs: expected an integer of at least 1, got 0.")]
    [InlineData("training.epochs=many", "training.epochs: expected an integer of at least 1, got \"many\".")]
    [InlineData("a..b=1", "a..b: expected a path such as optimizer.learningRate or model[2].rate.")]
    public void Apply_BadEdit_IsOneClearLine(string text, string message)
    {
        ExperimentException e = Assert.Throws<ExperimentException>(() => Letters.Apply(ExperimentEdit.Parse(text)));
        Assert.Equal(message, e.Message);
    }

    [Theory]
    [InlineData("learningRate")]
    [InlineData("=1")]
    public void Parse_NoKeyOrNoValue_ShowsTheForm(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => ExperimentEdit.Parse(text));
        Assert.Equal($"expected key=value, such as optimizer.learningRate=0.01, got '{text}'.", e.Message);
    }

    [Fact]
    public void Apply_OtherSetting_KeepsSizesOfLayers()
    {
        Experiment experiment = Recipes.Get("fashion-cnn").Apply(new ExperimentEdit("training.epochs", "1"));
        ConvSettings first = Assert.IsType<ConvSettings>(Assert.IsType<LayersSettings>(experiment.Model).Layers[0]);
        Assert.Equal(new Pondus.Layers.Padding(1, 1), first.Padding);
    }
}
