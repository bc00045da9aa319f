using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Threshold: the neuron fires or not, element by element: y = 1 where x &gt; 0, else 0.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: 0 everywhere, so nothing below a step learns. Source: McCulloch and Pitts 1943.</remarks>
    /// <returns>y.</returns>
    public Tensor Step() => UnaryOperation.Apply(UnaryKind.Step, this);

    /// <summary>Logistic function, element by element: y = 1 / (1 + e^-x).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy y (1 - y).</remarks>
    /// <returns>y.</returns>
    public Tensor Sigmoid() => UnaryOperation.Apply(UnaryKind.Sigmoid, this);

    /// <summary>Hyperbolic tangent, element by element: y = tanh x.</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy (1 - y^2).</remarks>
    /// <returns>y.</returns>
    public Tensor Tanh() => UnaryOperation.Apply(UnaryKind.Tanh, this);

    /// <summary>Rectified linear unit, element by element: y = max(x, 0).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy where x &gt; 0, else 0; at 0 it is 0. Source: Nair and Hinton, ICML 2010.</remarks>
    /// <returns>y.</returns>
    public Tensor Relu() => UnaryOperation.Apply(UnaryKind.Relu, this);

    /// <summary>Leaky rectified linear unit, element by element: y = x where x &gt; 0, else slope x.</summary>
    /// <remarks>Shape: any, unchanged. Source: Maas, Hannun and Ng, ICML 2013.</remarks>
    /// <param name="slope">Slope below 0.</param>
    /// <returns>y.</returns>
    public Tensor LeakyRelu(float slope = 0.01f) => UnaryOperation.Apply(UnaryKind.LeakyRelu, this, slope);

    /// <summary>Exponential linear unit, element by element: y = x where x &gt; 0, else alpha (e^x - 1).</summary>
    /// <remarks>Shape: any, unchanged. Source: Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.</remarks>
    /// <param name="alpha">Value far below 0, negated.</param>
    /// <returns>y.</returns>
    public Tensor Elu(float alpha = 1f) => UnaryOperation.Apply(UnaryKind.Elu, this, alpha);

    /// <summary>Scaled exponential linear unit: keeps mean 0 and variance 1 with LeCun-normal weights, element by element: y = 1.0507 (x where x &gt; 0, else 1.67326 (e^x - 1)).</summary>
    /// <remarks>Shape: any, unchanged. Source: Klambauer et al. 2017, arXiv:1706.02515.</remarks>
    /// <returns>y.</returns>
    public Tensor Selu() => UnaryOperation.Apply(UnaryKind.Selu, this);

    /// <summary>Gaussian error linear unit, exact, element by element: y = x Phi(x) with the normal distribution function Phi.</summary>
    /// <remarks>Shape: any, unchanged. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.</remarks>
    /// <returns>y.</returns>
    public Tensor Gelu() => UnaryOperation.Apply(UnaryKind.Gelu, this);

    /// <summary>Gaussian error linear unit, approximated by tanh as in GPT-2, element by element: y = 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).</summary>
    /// <remarks>Shape: any, unchanged. Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.</remarks>
    /// <returns>y.</returns>
    public Tensor GeluTanh() => UnaryOperation.Apply(UnaryKind.GeluTanh, this);

    /// <summary>Sigmoid linear unit, also called swish, element by element: y = x sigmoid(x).</summary>
    /// <remarks>Shape: any, unchanged. Source: Elfwing, Uchibe and Doya 2018, arXiv:1702.03118.</remarks>
    /// <returns>y.</returns>
    public Tensor Silu() => UnaryOperation.Apply(UnaryKind.Silu, this);

    /// <summary>Smooth rectified linear unit, element by element: y = ln(1 + e^x).</summary>
    /// <remarks>Shape: any, unchanged. Differs: above 20 it is x itself, as in PyTorch. Source: Dugas et al., NIPS 2000.</remarks>
    /// <returns>y.</returns>
    public Tensor Softplus() => UnaryOperation.Apply(UnaryKind.Softplus, this);

    /// <summary>Piecewise linear stand-in for the logistic function, element by element: y = x / 6 + 1 / 2, limited to [0, 1].</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy / 6 where -3 &lt; x &lt; 3, else 0. Source: Courbariaux, Bengio and David 2015, arXiv:1511.00363, with the slope of MobileNetV3.</remarks>
    /// <returns>y.</returns>
    public Tensor Hardsigmoid() => UnaryOperation.Apply(UnaryKind.Hardsigmoid, this);

    /// <summary>Piecewise stand-in for <see cref="Silu"/>, element by element: y = x hardsigmoid(x).</summary>
    /// <remarks>Shape: any, unchanged. Source: Howard et al. 2019, arXiv:1905.02244.</remarks>
    /// <returns>y.</returns>
    public Tensor Hardswish() => UnaryOperation.Apply(UnaryKind.Hardswish, this);

    /// <summary>Rectified linear unit with a ceiling, element by element: y = min(max(x, 0), 6).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy where 0 &lt; x &lt; 6, else 0. Source: Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10.</remarks>
    /// <returns>y.</returns>
    public Tensor Relu6() => UnaryOperation.Apply(UnaryKind.Relu6, this);

    /// <summary>Mish, element by element: y = x tanh(ln(1 + e^x)).</summary>
    /// <remarks>Shape: any, unchanged. Source: Misra 2019, arXiv:1908.08681.</remarks>
    /// <returns>y.</returns>
    public Tensor Mish() => UnaryOperation.Apply(UnaryKind.Mish, this);

    /// <summary>Logarithm of the logistic function, exact where that would round to 0, element by element: y = -ln(1 + e^-x).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy sigmoid(-x).</remarks>
    /// <returns>y.</returns>
    public Tensor LogSigmoid() => UnaryOperation.Apply(UnaryKind.LogSigmoid, this);

    /// <summary>Softsign, element by element: y = x / (1 + |x|).</summary>
    /// <remarks>Shape: any, unchanged. Gradient: dy / (1 + |x|)^2. Source: Bergstra et al. 2009, technical report 1337, Montreal.</remarks>
    /// <returns>y.</returns>
    public Tensor Softsign() => UnaryOperation.Apply(UnaryKind.Softsign, this);
}
