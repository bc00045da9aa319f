using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>What weights start from.</summary>
/// <remarks>
/// <para>Only the settings that the named initializer has are read and written: <see cref="Value"/> of Constant; <see cref="Minimum"/> and <see cref="Maximum"/> of Uniform;
/// <see cref="Mean"/> and <see cref="Deviation"/> of Normal and TruncatedNormal; <see cref="Gain"/> of the Xavier ones and Orthogonal.</para>
/// </remarks>
public sealed record InitializerSettings
{
    private static readonly string[] s_types =
    [
        "Zeros", "Constant", "Uniform", "Normal", "TruncatedNormal", "XavierUniform", "XavierNormal",
        "HeUniform", "HeNormal", "LeCunUniform", "LeCunNormal", "Orthogonal",
    ];

    /// <summary>Gets the name of the initializer.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the value of every weight.</summary>
    public double Value { get; init; }

    /// <summary>Gets the smallest weight.</summary>
    public double Minimum { get; init; } = -0.1;

    /// <summary>Gets the largest weight.</summary>
    public double Maximum { get; init; } = 0.1;

    /// <summary>Gets the mean of the weights.</summary>
    public double Mean { get; init; }

    /// <summary>Gets the deviation of the weights.</summary>
    public double Deviation { get; init; } = 0.02;

    /// <summary>Gets the factor on the deviation.</summary>
    public double Gain { get; init; } = 1;

    internal static Kind<InitializerSettings> Kind { get; } = new VariantKind<InitializerSettings>(
        "initializer",
        "type",
        static i => i.Type,
        static (i, f) => i.Visit(f),
        [.. s_types.Select(static t => new InitializerSettings { Type = t })]);

    private InitializerSettings Visit(Fields f)
    {
        switch (Type)
        {
            case "Constant":
                return this with { Value = f.Get("value", Value, Kinds.AnyNumber, "Value of every weight.") };
            case "Uniform":
                InitializerSettings uniform = this with
                {
                    Minimum = f.Get("minimum", Minimum, Kinds.AnyNumber, "Smallest weight."),
                    Maximum = f.Get("maximum", Maximum, Kinds.AnyNumber, "Largest weight."),
                };
                f.Check(uniform.Minimum <= uniform.Maximum, "maximum", $"a number of at least minimum, {uniform.Minimum}", $"{uniform.Maximum}");
                return uniform;
            case "Normal" or "TruncatedNormal":
                return this with
                {
                    Mean = f.Get("mean", Mean, Kinds.AnyNumber, "Mean of the weights."),
                    Deviation = f.Get("deviation", Deviation, Kinds.NotNegative, "Deviation of the weights."),
                };
            case "XavierUniform" or "XavierNormal" or "Orthogonal":
                return this with { Gain = f.Get("gain", Gain, Kinds.Positive, "Factor on the deviation.") };
            default:
                return this;
        }
    }
}
