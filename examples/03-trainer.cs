#:project ../src/Pondus/Pondus.csproj

// The Trainer: learn to read the letters A, B and C, save the weights, load them again. Run it with: dotnet run examples/03-trainer.cs
using Pondus;
using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Metrics;
using Pondus.Optimizers;
using Pondus.Training;

RandomSource random = new(seed: 1);

// Three sets, none of which knows the others: one to learn from, one to say when to stop, one to judge the result.
Dataset training = Letters.Generate(3000, random.Stream("training"));
Dataset validation = Letters.Generate(600, random.Stream("validation"));
Dataset test = Letters.Generate(600, random.Stream("test"));

Sequential model = MakeNetwork(random.Stream("initialization"), training);
Console.WriteLine(model.Summary());

// What the loop of the example before did by hand, and more: validation after each epoch, stopping when it no longer
// improves, and at the end the best weights put back, not the last ones.
TrainerOptions options = new() { Epochs = 30, BatchSize = 50, EarlyStopping = new EarlyStopping(Patience: 4) };
Trainer trainer = new(model, new CrossEntropy(), new AdamW(model.Parameters, new AdamWOptions(LearningRate: 0.002f)), options, new Accuracy());
TrainingResult result = trainer.Fit(training, validation, progress: new EpochPrinter());
Console.WriteLine($"{result.Status} after {result.Epochs} epochs; the best was epoch {result.BestEpoch}.");

double accuracy = Measure(model, test);
Console.WriteLine($"accuracy on letters never seen: {accuracy:P1}");

// The file is in the safetensors format with PyTorch's names (1.weight, 1.bias, ...), so that other tools read it too.
string path = Path.Combine(Path.GetTempPath(), $"letters-{Environment.ProcessId}.safetensors");
ModuleWeights.Save(model, path);

// A network of the same shape takes the weights over; what it started with no longer matters.
Sequential copy = MakeNetwork(new RandomSource(seed: 2), test);
double before = Measure(copy, test);
ModuleWeights.Load(copy, path);
double after = Measure(copy, test);
File.Delete(path);
Console.WriteLine($"another network: {before:P1} before loading, {after:P1} with the loaded weights");

if (!(accuracy >= 0.98) || after != accuracy || ModuleWeights.Digest(copy) != ModuleWeights.Digest(model))
{
    Console.Error.WriteLine($"03-trainer: expected an accuracy of at least 0.98, and the same after loading, got {accuracy:F4} and {after:F4}.");
    return 1;
}

return 0;

static Sequential MakeNetwork(RandomSource random, Dataset data)
{
    const int HiddenUnits = 64;

    // The last layer gives one score for each class. CrossEntropy takes scores as they are: it has the softmax inside.
    return new Sequential(
        new Flatten(),
        new Linear(data.InputShape.Count, HiddenUnits, random),
        new Relu(),
        new Linear(HiddenUnits, data.ClassCount, random));
}

static double Measure(Sequential model, Dataset data) =>
    new Evaluator(model, new CrossEntropy(), [new Accuracy()], data).Run().Metrics["accuracy"];

/// <summary>Prints a line for each epoch, at once: .NET's own Progress would hand it to another thread.</summary>
internal sealed class EpochPrinter : IProgress<EpochReport>
{
    public void Report(EpochReport value) => Console.WriteLine(
        $"epoch {value.Epoch,2}: loss {value.Loss:F4}, validation loss {value.Validation!.Loss:F4}, accuracy {value.Validation.Metrics["accuracy"]:P1}{(value.IsBest ? " *" : "")}");
}
