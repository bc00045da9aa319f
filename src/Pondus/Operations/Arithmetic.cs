using Pondus.Kernels;

namespace Pondus;

public readonly partial struct Tensor
{
    /// <summary>Adds, element by element with broadcasting.</summary>
    /// <param name="left">One tensor.</param>
    /// <param name="right">Another.</param>
    /// <remarks>Shape: axes are matched from the last; a size of 1 is repeated. Gradient: dy to both, summed over repeated axes.</remarks>
    public static Tensor operator +(Tensor left, Tensor right) => BinaryOperation.Apply(BinaryKind.Add, left, right);

    /// <summary>Subtracts, element by element with broadcasting.</summary>
    /// <param name="left">One tensor.</param>
    /// <param name="right">Another.</param>
    public static Tensor operator -(Tensor left, Tensor right) => BinaryOperation.Apply(BinaryKind.Subtract, left, right);

    /// <summary>Multiplies, element by element with broadcasting; for matrices see <see cref="MatMul"/>.</summary>
    /// <param name="left">One tensor.</param>
    /// <param name="right">Another.</param>
    public static Tensor operator *(Tensor left, Tensor right) => BinaryOperation.Apply(BinaryKind.Multiply, left, right);

    /// <summary>Divides, element by element with broadcasting.</summary>
    /// <param name="left">One tensor.</param>
    /// <param name="right">Another.</param>
    public static Tensor operator /(Tensor left, Tensor right) => BinaryOperation.Apply(BinaryKind.Divide, left, right);

    /// <summary>Changes the sign.</summary>
    /// <param name="x">A tensor.</param>
    public static Tensor operator -(Tensor x) => UnaryOperation.Apply(UnaryKind.Negate, x);

    /// <summary>Adds a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator +(Tensor left, float right) => ScalarOperation.Apply(left, 1f, right);

    /// <summary>Adds a number.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator +(float left, Tensor right) => ScalarOperation.Apply(right, 1f, left);

    /// <summary>Subtracts a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator -(Tensor left, float right) => ScalarOperation.Apply(left, 1f, -right);

    /// <summary>Subtracts from a number.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator -(float left, Tensor right) => ScalarOperation.Apply(right, -1f, left);

    /// <summary>Multiplies by a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator *(Tensor left, float right) => ScalarOperation.Apply(left, right, 0f);

    /// <summary>Multiplies by a number.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator *(float left, Tensor right) => ScalarOperation.Apply(right, left, 0f);

    /// <summary>Divides by a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator /(Tensor left, float right) => BinaryOperation.Apply(BinaryKind.Divide, left, new(Tape.Constant(right)));

    /// <summary>Divides a number.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator /(float left, Tensor right) => BinaryOperation.Apply(BinaryKind.Divide, new(Tape.Constant(left)), right);

    /// <summary>Raises to a power, element by element with broadcasting.</summary>
    /// <param name="exponent">The exponents.</param>
    /// <returns>x^exponent.</returns>
    public Tensor Power(Tensor exponent) => BinaryOperation.Apply(BinaryKind.Power, this, exponent);

    /// <summary>Raises to a power.</summary>
    /// <param name="exponent">The exponent.</param>
    /// <returns>x^exponent.</returns>
    public Tensor Power(float exponent) => BinaryOperation.Apply(BinaryKind.Power, this, new(Tape.Constant(exponent)));

    /// <summary>Takes the larger, element by element with broadcasting; the gradient is halved between equal ones.</summary>
    /// <param name="other">Another tensor.</param>
    /// <returns>max(x, other).</returns>
    public Tensor Maximum(Tensor other) => BinaryOperation.Apply(BinaryKind.Maximum, this, other);

    /// <summary>Takes the smaller, element by element with broadcasting; the gradient is halved between equal ones.</summary>
    /// <param name="other">Another tensor.</param>
    /// <returns>min(x, other).</returns>
    public Tensor Minimum(Tensor other) => BinaryOperation.Apply(BinaryKind.Minimum, this, other);
}
