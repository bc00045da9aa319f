namespace Pondus.Onnx.Operators;

/// <summary>The discrete Fourier transform of one length, in place: y_k = Σ x_n exp(∓2πikn/N), divided by N when inverse.</summary>
/// <remarks>Radix 2 halving as far as the length is even, then the sum itself.</remarks>
internal sealed class Fourier
{
    private readonly double[] _cos;
    private readonly double[] _sin;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly bool _inverse;

    public Fourier(int length, bool inverse)
    {
        _inverse = inverse;
        Real = new double[length];
        Imaginary = new double[length];
        _real = new double[length];
        _imaginary = new double[length];
        _cos = new double[length];
        _sin = new double[length];
        for (int i = 0; i < length; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / length);
            _cos[i] = cos;
            _sin[i] = inverse ? sin : -sin;
        }
    }

    /// <summary>The real parts: given before a run, changed by it.</summary>
    public double[] Real { get; }

    /// <summary>The imaginary parts.</summary>
    public double[] Imaginary { get; }

    public void Clear()
    {
        Array.Clear(Real);
        Array.Clear(Imaginary);
    }

    public void Run()
    {
        Run(Real, Imaginary, _real, _imaginary, 0, 1, Real.Length);
        if (_inverse)
        {
            for (int i = 0; i < Real.Length; i++)
            {
                Real[i] /= Real.Length;
                Imaginary[i] /= Real.Length;
            }
        }
    }

    /// <summary>Transforms the values at offset, offset + stride, ... of x; the other pair of arrays is room to work in, used at the same places.</summary>
    private void Run(double[] real, double[] imaginary, double[] otherReal, double[] otherImaginary, int offset, int stride, int count)
    {
        if (count <= 1)
        {
            return;
        }

        int twiddle = Real.Length / count;
        if (count % 2 != 0)
        {
            for (int k = 0; k < count; k++)
            {
                double re = 0, im = 0;
                for (int n = 0; n < count; n++)
                {
                    int at = offset + (n * stride), angle = (int)((long)k * n % count) * twiddle;
                    re += (real[at] * _cos[angle]) - (imaginary[at] * _sin[angle]);
                    im += (real[at] * _sin[angle]) + (imaginary[at] * _cos[angle]);
                }

                otherReal[offset + (k * stride)] = re;
                otherImaginary[offset + (k * stride)] = im;
            }

            for (int k = 0; k < count; k++)
            {
                real[offset + (k * stride)] = otherReal[offset + (k * stride)];
                imaginary[offset + (k * stride)] = otherImaginary[offset + (k * stride)];
            }

            return;
        }

        int half = count / 2;
        Run(real, imaginary, otherReal, otherImaginary, offset, 2 * stride, half);
        Run(real, imaginary, otherReal, otherImaginary, offset + stride, 2 * stride, half);
        for (int k = 0; k < half; k++)
        {
            int even = offset + (2 * k * stride), odd = even + stride, angle = k * twiddle;
            double re = (real[odd] * _cos[angle]) - (imaginary[odd] * _sin[angle]);
            double im = (real[odd] * _sin[angle]) + (imaginary[odd] * _cos[angle]);
            otherReal[offset + (k * stride)] = real[even] + re;
            otherImaginary[offset + (k * stride)] = imaginary[even] + im;
            otherReal[offset + ((k + half) * stride)] = real[even] - re;
            otherImaginary[offset + ((k + half) * stride)] = imaginary[even] - im;
        }

        for (int k = 0; k < count; k++)
        {
            real[offset + (k * stride)] = otherReal[offset + (k * stride)];
            imaginary[offset + (k * stride)] = otherImaginary[offset + (k * stride)];
        }
    }
}
