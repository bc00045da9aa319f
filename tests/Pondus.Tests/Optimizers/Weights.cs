namespace Pondus.Tests.Optimizers;

/// <summary>A module that is nothing but one weight, or several.</summary>
internal sealed class Weights : Module
{
    public Weights(params float[][] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            AddParameter($"weight{i}", [values[i].Length], new Initializers.Start(values[i]), new RandomSource(1));
        }
    }

    /// <summary>The values of the first weight.</summary>
    public ReadOnlySpan<float> Values => OwnParameters[0].Values;

    /// <summary>Gives the first weight this gradient, through a backward pass.</summary>
    public void SetGradient(float[] gradient) => SetGradient(0, gradient);

    /// <summary>Gives a weight this gradient, through a backward pass.</summary>
    public void SetGradient(int index, float[] gradient)
    {
        Step.Begin();
        // The derivative of the sum of w g by w is g.
        (OwnParameters[index].ToTensor() * Tensor.Of(gradient)).Sum().Backward();
        Step.End();
    }
}
