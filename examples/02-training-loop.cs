#:project ../src/Pondus/Pondus.csproj

// The training loop written by hand: fit a line to noisy points. Run it with: dotnet run examples/02-training-loop.cs
using Pondus;
using Pondus.Data;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;

// Everything random comes from one seed. Named streams keep the parts apart: another batch order leaves the data as they are.
RandomSource random = new(seed: 1);
Dataset points = Line.Generate(1000, random.Stream("data"), slope: 2f, intercept: -1f, noise: 0.1f);

// The smallest network: one input, one output, y = weight x + bias.
Linear model = new(inFeatures: 1, outFeatures: 1, random.Stream("initialization"));
MeanSquaredError loss = new();
Sgd optimizer = new(model.Parameters, new SgdOptions(LearningRate: 0.1f, Momentum: 0.9f));
BatchLoader loader = new(points, batchSize: 50, random.Stream("shuffle"));

const int Epochs = 30;
for (int epoch = 1; epoch <= Epochs; epoch++)
{
    double total = 0;

    // Each turn of this loop is a step: what is computed inside is recorded, and its memory is used again in the next.
    foreach (Batch batch in loader)
    {
        Tensor prediction = model.Forward(batch.Inputs);
        Tensor error = loss.Forward(prediction, batch.Targets);

        // Backward goes through the record from the end to the start: how would the error change with each parameter?
        error.Backward();

        // The optimizer moves each parameter the other way, and uses the gradients up: there is nothing to reset.
        optimizer.Step();
        total += (double)error.Item() * batch.Count;
    }

    // Large steps get near quickly; only small ones get past the noise of the single batches.
    optimizer.LearningRate *= 0.8f;
    if (epoch == 1 || epoch % 10 == 0)
    {
        Console.WriteLine($"epoch {epoch,2}: loss {total / points.Count:F5}, y = {model.Weight.Values[0]:F4} x {model.Bias!.Values[0]:+0.0000;-0.0000}");
    }
}

// For a line the best answer is known in closed form, so the network can be held against it.
(double slope, double intercept) = LeastSquares.Line(points.Inputs, points.Targets!);
Console.WriteLine($"least squares:           y = {slope:F4} x {intercept:+0.0000;-0.0000}");
double distance = Math.Max(Math.Abs(slope - model.Weight.Values[0]), Math.Abs(intercept - model.Bias!.Values[0]));
if (!(distance < 1e-3))
{
    Console.Error.WriteLine($"02-training-loop: expected slope and intercept within 0.001 of least squares, got a distance of {distance:F5}.");
    return 1;
}

return 0;
