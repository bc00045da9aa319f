namespace Pondus.Onnx.Operators;

/// <summary>How an axis is resized.</summary>
/// <param name="Input">Its size.</param>
/// <param name="Output">Its size afterwards.</param>
/// <param name="Scale">The ratio as it was given, which need not be that of the sizes.</param>
internal readonly record struct ResizeAxis(int Input, int Output, double Scale)
{
    /// <summary>Where the part begins that is looked at, as a share of the axis.</summary>
    public double Start { get; init; } = 0;

    /// <summary>Where it ends.</summary>
    public double End { get; init; } = 1;

    public bool IsIdentity(string transformation) => Input == Output && (transformation == "tf_crop_and_resize" ? Start == 0 && End == 1 : Scale == 1);

    /// <summary>The place in the input that an element of the output looks at.</summary>
    public double Place(OnnxCall call, int index, string transformation) => transformation switch
    {
        "half_pixel" => ((index + 0.5) / Scale) - 0.5,
        "half_pixel_symmetric" => (Input / 2.0 * (1 - (Output / (Input * Scale)))) + ((index + 0.5) / Scale) - 0.5,
        "pytorch_half_pixel" => Output > 1 ? ((index + 0.5) / Scale) - 0.5 : 0,
        // The last element is that of the size before it is rounded down.
        "align_corners" => Output > 1 ? index * (Input - 1.0) / ((Input * Scale) - 1.0) : 0,
        "asymmetric" => index / Scale,
        "tf_half_pixel_for_nn" => (index + 0.5) / Scale,
        "tf_crop_and_resize" => Output > 1
            ? (Start * (Input - 1)) + (index * (End - Start) * (Input - 1) / (Output - 1))
            : 0.5 * (Start + End) * (Input - 1),
        _ => throw call.Error($"expected a known coordinate_transformation_mode, got '{transformation}'."),
    };
}
