namespace Pondus.Onnx.Operators;

/// <summary>How a resizing finds the places and weights of an axis.</summary>
/// <remarks>Source: ONNX, operator Resize, version 19; Keys 1981 for the cubic kernel.</remarks>
internal sealed class ResizeSettings
{
    // Before opset 11 there is no choice: the place below, or above when the picture shrinks.
    private const string Simple = "simple";

    private string _mode = "nearest";
    private string _coordinates = "half_pixel";
    private string _nearest = "round_prefer_floor";
    private double _cubic;
    private bool _excludesOutside;
    private bool _antialias;

    /// <summary>Gets whether a part of the input is cut out on the way.</summary>
    public bool UsesRegion => _coordinates == "tf_crop_and_resize";

    /// <summary>Gets the value of what lies outside the input, when a part is cut out.</summary>
    public float Outside { get; private set; }

    public static ResizeSettings Of(OnnxCall call, bool isOld)
    {
        string mode = call.Text("mode", "nearest");
        ResizeSettings settings = new()
        {
            _mode = mode == "bilinear" ? "linear" : mode,
            _coordinates = isOld ? "asymmetric" : call.Text("coordinate_transformation_mode", "half_pixel"),
            _nearest = isOld ? Simple : call.Text("nearest_mode", "round_prefer_floor"),
            _cubic = call.Float("cubic_coeff_a", -0.75f),
            _excludesOutside = call.Int("exclude_outside", 0) != 0,
            _antialias = call.Int("antialias", 0) != 0,
            Outside = call.Float("extrapolation_value", 0f),
        };
        return settings._mode is "nearest" or "linear" or "cubic" ? settings : throw call.Error($"expected mode nearest, linear or cubic, got '{mode}'.");
    }

    /// <summary>The table of an axis.</summary>
    public ResampleAxis Table(int input, int output, double scale, float start, float end)
    {
        // Down-sampling without aliases widens the kernel to what one output stands for.
        double stretch = _antialias && scale < 1 ? scale : 1;
        int taps = _mode switch
        {
            "nearest" => 1,
            "linear" => (int)(2 * Math.Ceiling(1 / stretch)),
            _ => (int)(4 * Math.Ceiling(1 / stretch)),
        };
        ResampleAxis axis = new(input, output, taps);
        for (int i = 0; i < output; i++)
        {
            double place = Place(i, input, output, (float)scale, start, end);
            Span<int> places = axis.Places.AsSpan(i * taps, taps);
            Span<float> weights = axis.Weights.AsSpan(i * taps, taps);
            if (UsesRegion && (place < 0 || place > input - 1))
            {
                // Of several taps none has any weight; what lies outside is added by the caller.
                places.Fill(taps == 1 ? -1 : 0);
                weights.Clear();
            }
            else if (_mode == "nearest")
            {
                places[0] = Math.Clamp((int)Nearest(place, scale), 0, input - 1);
                weights[0] = 1f;
            }
            else
            {
                Fill(place, stretch, input, places, weights);
            }
        }

        return axis;
    }

    private void Fill(double place, double stretch, int input, Span<int> places, Span<float> weights)
    {
        int first = (int)Math.Floor(place) - (places.Length / 2) + 1;
        double sum = 0;
        Span<double> exact = places.Length <= 64 ? stackalloc double[places.Length] : new double[places.Length];
        for (int k = 0; k < places.Length; k++)
        {
            int at = first + k;
            double distance = (at - place) * stretch;
            double weight = _mode == "linear" ? Math.Max(0, 1 - Math.Abs(distance)) : Cubic(Math.Abs(distance));
            exact[k] = _excludesOutside && (at < 0 || at >= input) ? 0 : weight;
            sum += exact[k];
            places[k] = Math.Clamp(at, 0, input - 1);
        }

        for (int k = 0; k < places.Length; k++)
        {
            weights[k] = (float)(exact[k] / sum);
        }
    }

    // In single precision: which of two elements is nearer must not hang on digits that onnxruntime has not.
    private float Place(int i, int input, int output, float scale, float start, float end) => _coordinates switch
    {
        "half_pixel" => ((i + 0.5f) / scale) - 0.5f,
        "half_pixel_symmetric" => (input / 2f * (1 - (output / (scale * input)))) + ((i + 0.5f) / scale) - 0.5f,
        "pytorch_half_pixel" => output > 1 ? ((i + 0.5f) / scale) - 0.5f : 0,
        // Of the exact size, which a scale may leave between two whole ones.
        "align_corners" => scale * input > 1 ? i * (input - 1f) / ((scale * input) - 1f) : 0,
        "asymmetric" => i / scale,
        "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
        "tf_crop_and_resize" => output > 1 ? (start * (input - 1f)) + (i * (end - start) * (input - 1f) / (output - 1f)) : 0.5f * (start + end) * (input - 1f),
        _ => throw new OnnxException($"expected a coordinate transformation that is known, got '{_coordinates}'."),
    };

    private double Nearest(double place, double scale) => _nearest switch
    {
        "round_prefer_floor" => Math.Ceiling(place - 0.5),
        "round_prefer_ceil" => Math.Floor(place + 0.5),
        "floor" => Math.Floor(place),
        "ceil" => Math.Ceiling(place),
        Simple => scale < 1 ? Math.Ceiling(place) : Math.Floor(place),
        _ => throw new OnnxException($"expected a nearest mode that is known, got '{_nearest}'."),
    };

    private double Cubic(double x) => x switch
    {
        <= 1 => ((((_cubic + 2) * x) - (_cubic + 3)) * x * x) + 1,
        < 2 => (((((_cubic * x) - (5 * _cubic)) * x) + (8 * _cubic)) * x) - (4 * _cubic),
        _ => 0,
    };
}
