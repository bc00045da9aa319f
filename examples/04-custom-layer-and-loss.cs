#:project ../src/Pondus/Pondus.csproj

// A layer and a loss of your own: predict a value that 90 of 100 samples stay below. Run it with: dotnet run examples/04-custom-layer-and-loss.cs
using Pondus;
using Pondus.Data;
using Pondus.Initializers;
using Pondus.Layers;
using Pondus.Losses;
using Pondus.Optimizers;
using Pondus.Schedules;
using Pondus.Training;

const float Quantile = 0.9f;
RandomSource random = new(seed: 1);
Dataset training = NoisyWave(8000, random.Stream("training")), test = NoisyWave(4000, random.Stream("test"));

// Your own parts stand beside the built-in ones: the trainer, the optimizer and the weights files see no difference.
Sequential model = new(new Bumps(inFeatures: 1, unitCount: 20, random.Stream("bumps")), new Linear(20, 1, random.Stream("output")));
Adam optimizer = new(model.Parameters, new AdamOptions(LearningRate: 0.02f));
Trainer trainer = new(model, new QuantileLoss(Quantile), optimizer, new TrainerOptions { Steps = 3000, BatchSize = 100, Schedule = new CosineDecay(3000) });
Console.WriteLine($"{model.Summary()}\nloss {trainer.Fit(training).Loss:F4} in the last epoch");

// Outside a step nothing is recorded. Inside Inference.Run the memory is pooled as well, so results are copied out.
float[] bounds = Inference.Run((model, test), static given => given.model.Forward(Tensor.Of(given.test.Inputs, [given.test.Count, 1])).ToArray());

// The noise grows with x: a bound that fits holds for the calm half and for the noisy half alike.
double calm = ShareBelow(x => x < 0), noisy = ShareBelow(x => x >= 0);
Console.WriteLine($"below the bound: {calm:P1} where it is calm, {noisy:P1} where it is noisy (wanted: {Quantile:P0})");
if (!(Math.Abs(calm - Quantile) < 0.03) || !(Math.Abs(noisy - Quantile) < 0.03))
{
    Console.Error.WriteLine($"04-custom-layer-and-loss: expected shares within 0.03 of {Quantile}, got {calm:F3} and {noisy:F3}.");
    return 1;
}

return 0;

double ShareBelow(Func<float, bool> where) => Enumerable.Range(0, test.Count).Where(i => where(test.Inputs[i])).Average(i => test.Targets![i] <= bounds[i] ? 1.0 : 0.0);

static Dataset NoisyWave(int count, RandomSource random)
{
    float[] xs = new float[count], ys = new float[count];
    random.FillUniform(xs, -1f, 1f);
    for (int i = 0; i < count; i++)
    {
        ys[i] = MathF.Sin(4f * xs[i]) + ((0.3f + (0.2f * xs[i])) * random.NextNormal());
    }

    return new Dataset(xs, [1], ys, [1]);
}

/// <summary>Each unit answers to inputs near its center: y = exp(-sum of (sharpness (x - center))^2).</summary>
internal sealed class Bumps : Layer
{
    private readonly Parameter _centers;
    private readonly Parameter _sharpness;

    public Bumps(int inFeatures, int unitCount, RandomSource random)
    {
        // A parameter is named where it is made; the names are the keys in weights files: 0.centers and 0.sharpness.
        _centers = AddParameter("centers", [unitCount, inFeatures], new Uniform(-1f, 1f), random);
        _sharpness = AddParameter("sharpness", [unitCount, 1], new Uniform(3f, 5f), random);
    }

    // (batch, 1, in) less (units, in) is broadcast to (batch, units, in). No gradient has to be written: it follows from the operations.
    public override Tensor Forward(Tensor x) =>
        (-((x.Reshape([x.Shape[0], 1, x.Shape[1]]) - _centers) * _sharpness).Square().Sum(axis: 2)).Exponential();

    public override Shape OutputShape(Shape input) => [_centers.Shape[0]];
}

/// <summary>Too low costs the quantile for each unit of distance, too high the rest: at the minimum that share of the targets lies below.</summary>
internal sealed class QuantileLoss(float quantile) : Loss
{
    public override Tensor Forward(Tensor prediction, Targets targets)
    {
        Tensor missing = targets.Values - prediction;
        return (missing * quantile).Maximum(missing * (quantile - 1f)).Mean();
    }
}
