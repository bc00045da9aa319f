using Pondus.Data;
using Pondus.Experiments;
using Pondus.Runs;
using Pondus.Tests.Conventions;
using Pondus.Tests.Data;
using Xunit;

namespace Pondus.Tests.Runs;

/// <summary>Old weights help: the experiments of examples/experiments/fine-tuning, shortened, on Fashion-MNIST.</summary>
public sealed class FineTuningTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_BodyOfNineClasses_HelpsTenClassesOfWhichFewPicturesAreKnown()
    {
        if (KnownDatasets.Find("fashion-mnist") is null)
        {
            Assert.Skip("needs Fashion-MNIST: apt-get install dataset-fashion-mnist");
        }

        Train("body", "body.json", "training.epochs=1", "data.split.validation=1000");
        string weights = $"start.weights={_folder.File("body/weights.safetensors")}";
        const string head = """start.head=["9.*"]""";
        double scratch = Train("scratch", "two-hundred.json", "optimizer.learningRate=0.0005", "data.split.validation=0", "training.epochs=20");
        double frozen = Train("head", "two-hundred.json", weights, head, """start.freeze=["0.*","3.*","7.*"]""", "data.split.validation=0", "training.epochs=20");
        Assert.InRange(frozen, scratch + 0.1, 1);

        string[] more = [weights, head, "data.split.validation=0", "data.split.training=3000", "data.batchSize=64", "training.epochs=3"];
        double full = Train("full", "two-hundred.json", [.. more, "optimizer.learningRate=0.0005"]);
        double lora = Train("lora", "two-hundred.json", [.. more, "start.lora=4"], out ModuleSummary summary);
        Assert.InRange(lora, full - 0.01, 1);
        Assert.InRange(summary.Trainable, 1, 0.05 * summary.Total);
    }

    private double Train(string run, string experiment, params string[] edits) => Train(run, experiment, edits, out _);

    private double Train(string run, string experiment, string[] edits, out ModuleSummary summary)
    {
        string path = Path.Combine(Repository.Root, "examples", "experiments", "fine-tuning", experiment);
        RunOutcome outcome = new ExperimentRunner(TimeProvider.System).Train(
            ExperimentFile.Load(path).Apply(edits.Select(ExperimentEdit.Parse)), new TrainOptions { Folder = _folder.File(run) }, cancellationToken: TestContext.Current.CancellationToken);
        summary = outcome.Summary;
        return outcome.Record.Results!.Test!["accuracy"];
    }
}
