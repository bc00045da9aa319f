using Pondus.Data;
using Pondus.Experiments;
using Pondus.Metrics;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Experiments;

/// <summary>Losses and metrics by the names of experiment files.</summary>
public sealed class LossAndMetricTests
{
    [Theory]
    [InlineData("CrossEntropy")]
    [InlineData("Focal")]
    [InlineData("Hinge")]
    public void Fit_LettersWithClassLosses_MeasuresEveryMetricOfClasses(string type)
    {
        string metrics = string.Join(", ", MetricNames.ForClasses.Select(static name => $"\"{name}\""));
        Experiment experiment = ExperimentFile.Parse($$"""
            { "data": {"source": "letters", "count": 200}, "model": {"network": "mlp", "hidden": [16]}, "loss": {"type": "{{type}}"},
              "metrics": [{{metrics}}], "optimizer": "Adam", "training": {"epochs": 2} }
            """);
        ExperimentData data = ExperimentData.Load(experiment);
        Layer model = NetworkBuilder.Build(experiment, data.Training.InputShape, data.ClassNames.Count);
        Trainer trainer = TrainerBuilder.Build(experiment, model, data.Training.Count);
        TrainingResult result = trainer.Fit(data.Training, data.Validation);
        Assert.Equal(MetricNames.ForClasses.Count, result.Metrics.Count);
        Assert.InRange(result.Metrics["accuracy"], 0, 1);
        Assert.True(result.Metrics["top5Accuracy"] >= result.Metrics["accuracy"]);
        Assert.Equal(result.Metrics["logLoss"], Math.Log(result.Metrics["perplexity"]), 1e-9);
    }

    [Fact]
    public void Build_EveryLossAndMetric_HasItsName()
    {
        foreach (string type in new[] { "SmoothL1", "KullbackLeibler", "HingeEmbedding", "MultiLabelSoftMargin", "MultiLabelMargin", "PoissonNegativeLogLikelihood", "Ssim", "MultiScaleSsim", "Psnr" })
        {
            Experiment experiment = ExperimentFile.Parse($$"""{ "data": "line", "model": "mlp", "loss": "{{type}}" }""");
            Assert.Equal(type, TrainerBuilder.BuildLoss(experiment.Loss).GetType().Name);
            IReadOnlyList<Metric> metrics = TrainerBuilder.BuildMetrics(experiment with { Metrics = MetricNames.ForNumbers });
            Assert.Equal(MetricNames.ForNumbers.Count, metrics.Select(static m => m.Name).Distinct().Count());
        }
    }

    [Fact]
    public void Parse_SettingsOfLosses_AreReadAndWritten()
    {
        Experiment experiment = ExperimentFile.Parse("""{ "data": "letters", "model": "mlp", "loss": {"type": "Hinge", "margin": 0.5, "power": 2} }""");
        Assert.Equal((0.5, 2), (experiment.Loss.Margin, experiment.Loss.Power));
        ExperimentException error = Assert.Throws<ExperimentException>(() => ExperimentFile.Parse("""{ "data": "letters", "model": "mlp", "loss": {"type": "Hinge", "gamma": 0.5} }"""));
        Assert.StartsWith("loss.gamma: unknown key.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuildMetrics_OfTheOtherTask_SaysWhatFits()
    {
        Experiment numbers = ExperimentFile.Parse("""{ "data": "line", "model": "mlp", "loss": "MeanSquaredError", "metrics": ["F1"] }""");
        Assert.Equal("metrics: expected metrics of numbers such as MeanAbsoluteError, since numbers are learned, got F1.", Assert.Throws<ExperimentException>(() => TrainerBuilder.BuildMetrics(numbers)).Message);
    }
}
