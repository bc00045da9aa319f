using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Tests.Initializers;
using Pondus.Tests.Support;
using Pondus.Training;
using Xunit;

namespace Pondus.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public void Fit_Line_ComesToLeastSquares()
    {
        Dataset data = TrainingData.Line(200);
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.5f)), new TrainerOptions { Epochs = 100, BatchSize = 200 });
        Assert.Equal(TrainingStatus.Completed, trainer.Fit(data).Status);
        (double slope, double intercept) = LeastSquares(data.Inputs, data.Targets!);
        Assert.Equal(slope, model.Weight.Values[0], 1e-3);
        Assert.Equal(intercept, model.Bias!.Values[0], 1e-3);
    }

    [Fact]
    public void Fit_ExclusiveOr_IsLearned()
    {
        RandomSource random = new(1);
        Sequential model = new(new Linear(2, 8, random), new Tanh(), new Linear(8, 2, random));
        Trainer trainer = new(model, new CrossEntropy(), new Adam(model.Parameters, new AdamOptions(0.05f)), new TrainerOptions { Epochs = 200, BatchSize = 4 }, new Accuracy());
        TrainingResult result = trainer.Fit(TrainingData.Xor());
        Assert.Equal(1, result.Metrics["accuracy"]);
        Assert.InRange(result.Loss, 0, 0.05);
        Assert.Equal((200, 200), (result.Epochs, result.Steps));
    }

    [Fact]
    public void Fit_ConvexLossAndSmallSteps_FallsAtEveryStep()
    {
        Linear model = new(10, 4, new RandomSource(1));
        Trainer trainer = new(model, new CrossEntropy(), new Sgd(model.Parameters, new SgdOptions(0.05f)), new TrainerOptions { Epochs = 60, BatchSize = 300 });
        Recorder recorder = new();
        trainer.Fit(TrainingData.Clusters(300, 10, 4), observers: [recorder]);
        Assert.Equal(60, recorder.Steps.Count);
        Assert.All(recorder.Steps.Zip(recorder.Steps.Skip(1)), static pair => Assert.True(pair.Second.Loss < pair.First.Loss, $"step {pair.Second.Step}: expected less than {pair.First.Loss}, got {pair.Second.Loss}"));
    }

    [Fact]
    public void Fit_MiniBatches_ReportsTheMeanOverSamples()
    {
        // A rate of 0 keeps the weights, so the epoch's loss is that of the data set, the smaller last batch weighed by its size.
        Dataset data = TrainingData.Line(50);
        Linear model = new(1, 1, new RandomSource(1));
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0f)), new TrainerOptions { Epochs = 1, BatchSize = 16 }, new Pondus.Metrics.MeanAbsoluteError());
        Recorder recorder = new();
        TrainingResult result = trainer.Fit(data, data, [recorder]);
        Assert.Equal(result.Validation!.Loss, result.Loss, 1e-6);
        Assert.Equal(result.Validation.Metrics["meanAbsoluteError"], result.Metrics["meanAbsoluteError"], 1e-6);
        Assert.Equal(50, result.Validation.Count);
        Assert.Equal(4, trainer.StepsPerEpoch);
        Assert.Equal([0L, 1, 2, 3], recorder.Steps.Select(static s => s.Step));
    }

    [Theory]
    [InlineData(null, null, -12.0, -4.0)]
    // The gradient (12, 4) has norm sqrt(160) = 12.649; at norm 1 its parts are 12 / 12.649 and 4 / 12.649.
    [InlineData(1.0, null, -0.9486833, -0.3162278)]
    // A bound above the norm changes nothing.
    [InlineData(13.0, null, -12.0, -4.0)]
    [InlineData(null, 5f, -5.0, -4.0)]
    // By norm first, to (11.3842, 3.7947), then by value.
    [InlineData(12.0, 5f, -5.0, -3.7947332)]
    public void Fit_Clipping_CutsTheGradient(double? norm, float? value, double weight, double bias)
    {
        // p = 0, t = -2, x = 3: the gradient is 2 (p - t) x = 12 for the weight and 4 for the bias.
        Linear model = Line(0f, 0f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(1f)), new TrainerOptions { Steps = 1, GradientClipNorm = norm, GradientClipValue = value });
        Recorder recorder = new();
        trainer.Fit(new Dataset([3f], [1], [-2f], [1]), observers: [recorder]);
        Assert.Equal(weight, model.Weight.Values[0], 1e-5);
        Assert.Equal(bias, model.Bias!.Values[0], 1e-5);
        Assert.Equal(norm is null ? double.NaN : 12.649111, recorder.Steps[0].GradientNorm, 1e-5);
    }

    [Fact]
    public void Fit_Penalties_ActOnTheGradientAndNotOnTheReportedLoss()
    {
        // The sample itself asks for nothing: x = 0, t = 0, b = 0.
        Linear model = Line(0.5f, 0f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(1f)), new TrainerOptions { Steps = 1, L1 = 0.1f, L2 = 0.2f });
        Recorder recorder = new();
        trainer.Fit(new Dataset([0f], [1], [0f], [1]), observers: [recorder]);
        // The reported loss stays comparable with that of validation. 0.5 - (0.1 + 2 * 0.2 * 0.5)
        Assert.Equal(0, recorder.Steps[0].Loss);
        Assert.Equal(0.2, model.Weight.Values[0], 1e-6);
        Assert.Equal(0f, model.Bias!.Values[0]);
    }

    [Fact]
    public void Fit_Bias_PaysNoPenalty()
    {
        Linear model = Line(0f, 0.5f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(1f)), new TrainerOptions { Steps = 1, L1 = 0.1f, L2 = 0.2f });
        trainer.Fit(new Dataset([0f], [1], [0.5f], [1]));
        Assert.Equal(0.5f, model.Bias!.Values[0]);
    }

    [Fact]
    public void Fit_LossNotFinite_NamesLossStepAndCure()
    {
        Linear model = Line(1f, 1f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.1f)), new TrainerOptions { BatchSize = 1, Shuffle = false });
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => trainer.Fit(new Dataset([1f, float.NaN], [1], [2f, 2f], [1])));
        Assert.Equal("MeanSquaredError at step 1 (epoch 1): expected a finite loss, got NaN. Lower the learning rate, clip gradients, or look for NaN in the data.", error.Message);
        Assert.False(Step.IsOpen);
        // p = 2 = t: the first step leaves the weights, the second must not reach them.
        Assert.Equal(1f, model.Weight.Values[0]);
    }

    [Fact]
    public void Fit_Schedule_SetsTheRateOfEachStep()
    {
        Linear model = Line(0f, 0f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.4f)), new TrainerOptions { Steps = 5, BatchSize = 1, Schedule = new Pondus.Schedules.StepDecay(2, 0.5) });
        Recorder recorder = new();
        trainer.Fit(TrainingData.Line(3), observers: [recorder]);
        Assert.Equal([0.4f, 0.4f, 0.2f, 0.2f, 0.1f], recorder.Steps.Select(static s => s.LearningRate));
    }

    [Fact]
    public void Fit_FrozenLayer_StaysAsItWas()
    {
        RandomSource random = new(1);
        Linear frozen = new(10, 16, random), free = new(16, 4, random);
        frozen.Weight.RequiresGradient = frozen.Bias!.RequiresGradient = false;
        float[] weight = frozen.Weight.ToArray(), bias = frozen.Bias.ToArray(), head = free.Weight.ToArray();
        Sequential model = new(frozen, new Relu(), free);
        Trainer trainer = new(model, new CrossEntropy(), new AdamW(model.Parameters, new AdamWOptions(0.01f, WeightDecay: 0.1f)), new TrainerOptions { Epochs = 2, L2 = 0.01f });
        trainer.Fit(TrainingData.Clusters(200, 10, 4));
        Assert.Equal(weight, frozen.Weight.ToArray());
        Assert.Equal(bias, frozen.Bias.ToArray());
        Assert.NotEqual(head, free.Weight.ToArray());
    }

    [Fact]
    public void Fit_StepsGiven_StopsInTheMiddleOfAnEpoch()
    {
        Linear model = Line(0f, 0f);
        Trainer trainer = new(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions(0.1f)), new TrainerOptions { Steps = 7, BatchSize = 10 });
        Recorder recorder = new();
        TrainingResult result = trainer.Fit(TrainingData.Line(50), observers: [recorder]);
        Assert.Equal((7, 2), (result.Steps, result.Epochs));
        Assert.Equal(0, trainer.Progress.Position);
        Assert.Equal(["started", "epoch 1", "epoch 2", "ended Completed"], recorder.Events);
        Assert.Equal((1, 2, 5, 7), (recorder.Epochs[0].Epoch, recorder.Epochs[0].Epochs, recorder.Epochs[0].Step, recorder.Epochs[0].Steps));
    }

    [Theory]
    [InlineData("Epochs", "Trainer: expected Epochs of at least 1, got 0.")]
    [InlineData("BatchSize", "Trainer: expected BatchSize of at least 1, got 0.")]
    [InlineData("GradientClipNorm", "Trainer: expected GradientClipNorm above 0, got 0.")]
    [InlineData("L2", "Trainer: expected L2 of at least 0, got -1.")]
    [InlineData("Patience", "Trainer: expected Patience of at least 1, got 0.")]
    public void Constructor_SettingOutsideItsRange_IsNamed(string setting, string message)
    {
        TrainerOptions options = setting switch
        {
            "Epochs" => new() { Epochs = 0 },
            "BatchSize" => new() { BatchSize = 0 },
            "GradientClipNorm" => new() { GradientClipNorm = 0 },
            "L2" => new() { L2 = -1 },
            _ => new() { EarlyStopping = new EarlyStopping(0) },
        };
        Linear model = Line(0f, 0f);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, new MeanSquaredError(), new Sgd(model.Parameters, new SgdOptions()), options));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static Linear Line(float weight, float bias) => new(1, 1, new RandomSource(1), weightInitializer: new Start([weight]), biasInitializer: new Start([bias]));

    private static (double Slope, double Intercept) LeastSquares(float[] x, float[] y)
    {
        double meanX = x.Average(static v => (double)v), meanY = y.Average(static v => (double)v);
        double slope = x.Zip(y).Sum(p => (p.First - meanX) * (p.Second - meanY)) / x.Sum(v => (v - meanX) * (v - meanX));
        return (slope, meanY - (slope * meanX));
    }
}
