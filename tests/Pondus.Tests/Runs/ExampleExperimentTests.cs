using System.Globalization;
using Pondus.Experiments;
using Pondus.Runs;
using Pondus.Tests.Conventions;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Runs;

/// <summary>The experiments of examples/experiments on the real data that they name.</summary>
[Collection("Pool")]
public class ExampleExperimentTests
{
    // Each limit is what a network of this kind is known to reach on these data; settings were chosen on validation parts.
    [Theory]
    [InlineData("iris", "tabular/sklearn_iris.csv", 0.95)]
    [InlineData("breast-cancer", "tabular/sklearn_breast_cancer.csv", 0.96)]
    [InlineData("letter-recognition", "tabular/LetterRecognition.csv", 0.95)]
    [InlineData("notmnist", "images/notmnist", 0.95)]
    [InlineData("mnist", "images/mnist", 0.985)]
    public void Train_OnItsData_ReachesTheKnownAccuracy(string name, string data, double accuracy)
    {
        string path = TestData.PathOf(data);
        Experiment experiment = Load(name).Apply(new ExperimentEdit("data.path", path));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pondus-example-");
        try
        {
            RunResults results = new ExperimentRunner(TimeProvider.System).Train(experiment, new TrainOptions { Folder = folder.FullName }).Record.Results!;
            double reached = results.Test!["accuracy"];
            TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{name}: test accuracy {reached:F4}"));
            Assert.True(reached >= accuracy, $"{name}: expected a test accuracy of at least {accuracy}, got {reached}");
            Assert.Equal(experiment.Data.Split.Folds is null ? null : 25, results.Folds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_EveryFile_IsAnExperimentWithARelativePath()
    {
        string[] files = Directory.GetFiles(Folder(), "*.json");
        Assert.Equal(5, files.Length);
        foreach (string file in files)
        {
            Experiment experiment = ExperimentFile.Load(file);
            Assert.Equal(Path.GetFileNameWithoutExtension(file), experiment.Name);
            string? path = experiment.Data is CsvDataSettings csv ? csv.Path : ((IdxDataSettings)experiment.Data).Path;
            Assert.Equal(Folder(), Path.GetDirectoryName(path));
        }
    }

    private static Experiment Load(string name) => ExperimentFile.Load(Path.Combine(Folder(), $"{name}.json"));

    private static string Folder() => Path.Combine(Repository.Root, "examples", "experiments");
}
