namespace Pondus.Initializers;

/// <summary>Rows (or columns, whichever are fewer) of length gain that stand at right angles, so that no direction of the signal shrinks or grows.</summary>
/// <remarks>
/// <para>Shape: axes behind the first are taken as one. Method: normal values, then modified Gram-Schmidt in double, twice.</para>
/// <para>Source: Saxe, McClelland and Ganguli 2014, arXiv:1312.6120.</para>
/// </remarks>
/// <param name="gain">Length of each row, 1 for linear and √2 for ReLU.</param>
public sealed class Orthogonal(float gain = 1f) : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (shape.Rank < 2 || shape.Count == 0)
        {
            throw new ShapeException($"Orthogonal: expected at least two axes with values, got {shape}. Use Zeros for a bias.");
        }

        int rows = shape[0], columns = shape.Count / rows, count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double[][] basis = new double[count][];
        for (int i = 0; i < count; i++)
        {
            double[] vector = basis[i] = new double[length];
            for (int j = 0; j < length; j++)
            {
                vector[j] = random.NextNormal();
            }

            // Once more removes what rounding of the first pass left behind.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                {
                    double dot = Dot(vector, basis[k]);
                    for (int j = 0; j < length; j++)
                    {
                        vector[j] -= dot * basis[k][j];
                    }
                }

                double norm = Math.Sqrt(Dot(vector, vector));
                for (int j = 0; j < length; j++)
                {
                    vector[j] /= norm;
                }
            }
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                values[(r * columns) + c] = gain * (float)(rows <= columns ? basis[r][c] : basis[c][r]);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Orthogonal({gain})";

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
