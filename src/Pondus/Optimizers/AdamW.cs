namespace Pondus.Optimizers;

/// <summary>Adam whose weight decay acts on the weight and never enters the moments.</summary>
/// <remarks>
/// <para>Formula: w ← w - ηλw; m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - η m̂ / (√v̂ + ε).</para>
/// <para>Memory: two floats a weight, three with AMSGrad. Differs: λ is multiplied by η, as in PyTorch and not in the paper.</para>
/// <para>Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.</para>
/// </remarks>
/// <param name="parameters">What to move.</param>
/// <param name="options">Settings.</param>
public sealed class AdamW(IEnumerable<Parameter> parameters, AdamWOptions options) : Adam(parameters, options, decoupled: true);
