using Pondus.Experiments;
using Xunit;

namespace Pondus.Tests.Experiments;

public class ExperimentFileTests
{
    private const string Rest = """ "data": "letters", "model": ["Flatten", {"type": "Linear", "out": 3}], "loss": "CrossEntropy" """;

    [Fact]
    public void Parse_CommentsAndTrailingCommas_AreAllowed()
    {
        Experiment e = ExperimentFile.Parse($$"""
            // what it shows
            { "name": "a", /* within */ "seed": 7, {{Rest}}, }
            """);
        Assert.Equal("a", e.Name);
        Assert.Equal(7UL, e.Seed);
        Assert.IsType<LettersDataSettings>(e.Data);
    }

    [Fact]
    public void Parse_BareNameAndObject_MeanTheSame()
    {
        Experiment bare = ExperimentFile.Parse($$"""{ {{Rest}}, "optimizer": "AdamW" }""");
        Experiment full = ExperimentFile.Parse($$"""{ {{Rest}}, "optimizer": { "type": "AdamW", "weightDecay": 0.01 } }""");
        Assert.Empty(bare.ChangesTo(full));
        Assert.Equal(0.01, Assert.IsType<AdamWSettings>(bare.Optimizer).WeightDecay);
    }

    [Fact]
    public void Parse_NestedSections_AreTyped()
    {
        Experiment e = ExperimentFile.Parse("""
            {
              "data": { "source": "csv", "path": "iris.csv", "target": "4", "header": false, "skipRows": 1, "split": { "folds": 5, "repeats": 5 }, "standardize": "feature" },
              "model": [{ "type": "Sequential", "layers": [{ "type": "Linear", "out": 8, "weight": { "type": "Normal", "deviation": 0.5 } }, "Tanh"] }, { "type": "Linear", "out": 3, "bias": false }],
              "loss": { "type": "CrossEntropy", "smoothing": 0.1, "classWeights": [1, 2, 3] },
              "metrics": ["Accuracy"],
              "schedule": { "type": "WarmUp", "duration": 5, "then": { "type": "CosineDecay", "minimum": 1e-5 } },
              "training": { "epochs": null, "steps": 1e3, "gradientClipNorm": 2 },
              "monitor": "off",
            }
            """);
        CsvDataSettings data = Assert.IsType<CsvDataSettings>(e.Data);
        Assert.Equal(("iris.csv", "4", false, 1, 5), (data.Path, data.Target, data.Header, data.SkipRows, data.Split.Folds));
        Assert.Equal(Standardization.Feature, data.Standardize);
        IReadOnlyList<LayerSettings> layers = Assert.IsType<LayersSettings>(e.Model).Layers;
        LinearSettings first = Assert.IsType<LinearSettings>(Assert.IsType<SequentialSettings>(layers[0]).Layers[0]);
        Assert.Equal(("Normal", 0.5), (first.Weight!.Type, first.Weight.Deviation));
        Assert.False(Assert.IsType<LinearSettings>(layers[1]).Bias);
        Assert.Equal([1.0, 2, 3], e.Loss.ClassWeights!);
        Assert.Equal(1e-5, Assert.IsType<CosineDecaySettings>(Assert.IsType<WarmUpSettings>(e.Schedule).Then).Minimum);
        Assert.Equal((null, 1000L, 2.0), (e.Training.Epochs, e.Training.Steps, e.Training.GradientClipNorm));
        Assert.Equal(MonitorLevel.Off, e.Monitor.Level);
    }

    [Fact]
    public void Parse_Augmentations_AreTypedAndReadBack()
    {
        Experiment e = ExperimentFile.Parse("""
            {
              "data": { "source": "letters", "augment": ["HorizontalFlip", { "type": "RandomAffine", "rotation": 15, "scale": 0.1 }, { "type": "Erase", "maximumArea": 0.2 }, "Mixup", { "type": "Cutmix", "probability": 0.25 }] },
              "model": "mlp",
              "loss": "CrossEntropy",
            }
            """);
        IReadOnlyList<AugmentationSettings> all = e.Data.Augment;
        Assert.Equal(["HorizontalFlip", "RandomAffine", "Erase", "Mixup", "Cutmix"], all.Select(a => a.Type));
        Assert.Equal((0.5, 15, 0.1, 0.2, 1, 0.25, 1), (all[0].Probability, all[1].Rotation, all[1].Scale, all[2].MaximumArea, all[3].Probability, all[4].Probability, all[4].Alpha));
        Assert.Empty(e.ChangesTo(ExperimentFile.Parse(e.ToJson())));
    }

    [Fact]
    public void ToJson_AnyExperiment_ReadsBackToTheSameText()
    {
        foreach (string name in Recipes.Names)
        {
            string json = Recipes.Get(name).ToJson();
            Assert.Equal(json, ExperimentFile.Parse(json).ToJson());
            Assert.Contains("\"beta1\": 0.9", ExperimentFile.Parse($$"""{ {{Rest}} }""").ToJson(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{ "optimizer": { "type": "Adam", "lerningRate": 1 }, # }""", "optimizer.lerningRate: unknown key. Did you mean 'learningRate'?")]
    [InlineData("""{ "optimiser": "Adam", # }""", "optimiser: unknown key. Did you mean 'optimizer'?")]
    [InlineData("""{ "split": {}, # }""", "split: unknown key. The file has: $schema, schemaVersion, name, seed, data, model, start, loss, metrics, optimizer, schedule, training, monitor.")]
    [InlineData("""{ "optimizer": { "type": "Adam", "learningRate": "fast" }, # }""", "optimizer.learningRate: expected a number above 0, got \"fast\".")]
    [InlineData("""{ "optimizer": { "type": "Adam", "learningRate": 0 }, # }""", "optimizer.learningRate: expected a number above 0, got 0.")]
    [InlineData("""{ "optimizer": { "type": "Adam", "learningRate": 1e999 }, # }""", "optimizer.learningRate: expected a number above 0, got 1e999.")]
    [InlineData("""{ "optimizer": { "type": "Adam", "beta1": 1 }, # }""", "optimizer.beta1: expected a number in [0, 1), got 1.")]
    [InlineData("""{ "optimizer": "adam", # }""", "optimizer: expected one of Sgd, Adam, AdamW, AdaGrad, AdaDelta, RmsProp, Adamax, NAdam, RAdam, Lion, Lamb, Rprop, Asgd, Lbfgs, got \"adam\". Did you mean 'Adam'?")]
    [InlineData("""{ "optimizer": { "learningRate": 1 }, # }""", "optimizer.type: expected one of Sgd, Adam, AdamW, AdaGrad, AdaDelta, RmsProp, Adamax, NAdam, RAdam, Lion, Lamb, Rprop, Asgd, Lbfgs, got nothing.")]
    [InlineData("""{ "optimizer": null, # }""", "optimizer: expected one of Sgd, Adam, AdamW, AdaGrad, AdaDelta, RmsProp, Adamax, NAdam, RAdam, Lion, Lamb, Rprop, Asgd, Lbfgs, got null.")]
    [InlineData("""{ "optimizer": { "type": "Rprop", "weightDecay": 1 }, # }""", "optimizer.weightDecay: expected 0 with Rprop, which has none, got 1.")]
    [InlineData("""{ "optimizer": { "type": "Adam", "groups": [{ "weightDecay": 0 }] }, # }""", "optimizer.groups[0].match: expected a pattern of parameter names such as *.bias, got nothing.")]
    [InlineData("""{ "schedule": { "type": "OneCycle", "rise": 0 }, # }""", "schedule.rise: expected a number above 0 and below 1, got 0.")]
    [InlineData("""{ "optimizer": { "type": "Sgd", "nesterov": true }, # }""", "optimizer.momentum: expected a number above 0 with nesterov, got 0.")]
    [InlineData("""{ "training": { "epochs": 1.5 }, # }""", "training.epochs: expected an integer of at least 1, got 1.5.")]
    [InlineData("""{ "training": { "epochs": null }, # }""", "training.epochs: expected a number in epochs or in steps, got null in both.")]
    [InlineData("""{ "training": [], # }""", "training: expected an object, got a list.")]
    [InlineData("""{ "schemaVersion": 2, # }""", "schemaVersion: expected an integer from 1 to 1, got 2.")]
    [InlineData("""{ "seed": -1, # }""", "seed: expected an integer of at least 0, got -1.")]
    [InlineData("""{ "name": "../x", # }""", "name: expected a name of letters, digits, '.', '_' and '-', at most 64, that begins with a letter or digit, got \"../x\".")]
    [InlineData("""{ "metrics": ["Acuracy"], # }""", "metrics[0]: expected one of Accuracy, BalancedAccuracy, Top2Accuracy, Top3Accuracy, Top5Accuracy, Precision, Recall, F1, PrecisionWeighted, RecallWeighted, F1Weighted, Jaccard, MatthewsCorrelation, CohenKappa, RocAuc, AveragePrecision, BrierScore, LogLoss, CalibrationError, Perplexity, MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError, RSquared, ExplainedVariance, MedianAbsoluteError, MeanAbsolutePercentageError, Ssim, MultiScaleSsim, Psnr, got \"Acuracy\". Did you mean 'Accuracy'?")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": ["Flatten", {"type": "Linear"}] }""", "model[1].out: expected an integer of at least 1, got nothing.")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": [{"type": "Linear", "outs": 3}] }""", "model[0].outs: unknown key. Did you mean 'out'?")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": [] }""", "model: expected a list that is not empty, got [].")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": 3 }""", "model: expected a list of layers, or a network such as {\"network\": \"mlp\"}, got 3.")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy" }""", "model: expected a list of layers, or a network such as {\"network\": \"mlp\"}, got nothing.")]
    [InlineData("""{ "data": "idx", "loss": "CrossEntropy", "model": "mlp" }""", "data.path: expected a folder, or the name of a data set in dataset, got nothing.")]
    [InlineData("""{ "data": {"source": "letters", "split": {"validation": 0.6, "test": 0.5}}, "loss": "CrossEntropy", "model": "mlp" }""", "data.split.test: expected a share below 0.4 beside validation 0.6, got 0.5.")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": {"network": "mlp", "activation": "Flatten"} }""", "model.activation: expected one of Step, Sigmoid, Tanh, Relu, LeakyRelu, Elu, Selu, Gelu, Silu, Softplus, Softmax, GeluTanh, Hardsigmoid, Hardswish, Relu6, Mish, LogSigmoid, Softsign, got Flatten.")]
    [InlineData("""{ "data": {"source": "letters", "augment": ["Flip"]}, "loss": "CrossEntropy", "model": "mlp" }""", "data.augment[0]: expected one of RandomCrop, HorizontalFlip, VerticalFlip, RandomAffine, Erase, Noise, Brightness, Contrast, Mixup, Cutmix, got \"Flip\".")]
    [InlineData("""{ "data": {"source": "letters", "augment": [{"type": "Erase", "minimumArea": 0.5}]}, "loss": "CrossEntropy", "model": "mlp" }""", "data.augment[0].maximumArea: expected a share of at least minimumArea, 0.5, got 0.33.")]
    [InlineData("""{ "data": {"source": "letters", "augment": [{"type": "RandomAffine", "scale": 1}]}, "loss": "CrossEntropy", "model": "mlp" }""", "data.augment[0].scale: expected a number in [0, 0.9], got 1.")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": {"network": "resnet", "depth": 19} }""", "model.depth: expected one of 18, 34, 50, 101, 152, 20, 32, 44, 56, 110, got 19.")]
    [InlineData("""{ "data": "letters", "loss": "CrossEntropy", "model": "resnt" }""", "model: expected one of mlp, lstm, gru, gpt, vit, lenet, resnet, mobilenet, unet, autoencoder, got \"resnt\". Did you mean 'resnet'?")]
    [InlineData("[]", "experiment: expected an object, got a list.")]
    [InlineData("null", "experiment: expected an object, got null.")]
    [InlineData("{ \"name\": \"a\",\n  \"seed\": }", "line 2, column 11: expected JSON, got: '}' is an invalid start of a value.")]
    public void Parse_BadInput_IsOneClearLine(string text, string message)
    {
        ExperimentException e = Assert.Throws<ExperimentException>(() => ExperimentFile.Parse(text.Replace("#", Rest, StringComparison.Ordinal)));
        Assert.Equal(message, e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"seed\": 1, \"seed\": 2 }")]
    [InlineData("{ \"name\": \"\\ud800\" }")]
    [InlineData("{ \"a\\nb\": 1 }")]
    public void Parse_BrokenText_IsOneLine(string text)
    {
        ExperimentException e = Assert.Throws<ExperimentException>(() => ExperimentFile.Parse(text));
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        string text = string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Throws<ExperimentException>(() => ExperimentFile.Parse(text));
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        string path = Path.Combine(Path.GetTempPath(), $"no-{Guid.NewGuid():N}.json");
        ExperimentException e = Assert.Throws<ExperimentException>(() => ExperimentFile.Load(path));
        Assert.StartsWith($"{path}: expected a readable file, got: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RelativePath_StartsFromTheFile()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(folder.FullName, "e.json");
            File.WriteAllText(path, """{ "data": { "source": "csv", "path": "x/iris.csv" }, "model": "mlp", "loss": "CrossEntropy" }""");
            Assert.Equal(Path.Combine(folder.FullName, "x", "iris.csv"), Assert.IsType<CsvDataSettings>(ExperimentFile.Load(path).Data).Path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_BadSetting_NamesFileAndSetting()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(folder.FullName, "e.json");
            File.WriteAllText(path, $$"""{ {{Rest}}, "sed": 3 }""");
            ExperimentException e = Assert.Throws<ExperimentException>(() => ExperimentFile.Load(path));
            Assert.Equal($"{path}: sed: unknown key. Did you mean 'seed'?", e.Message);
            Assert.Equal("sed", e.Setting);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
