namespace Pondus.Kernels;

/// <summary>Reductions over the middle axis of a row-major (outer, axis, inner) array, and their gradients.</summary>
internal static unsafe class Reduction
{
    public static void Sum(float* x, nint outer, nint axis, nint inner, float* y)
    {
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                double s = 0;
                for (nint a = 0; a < axis; a++) { s += x[(((o * axis) + a) * inner) + i]; }
                y[(o * inner) + i] = (float)s;
            }
        }
    }

    public static void Max(float* x, nint outer, nint axis, nint inner, float* y, int* argument) => Extreme(x, outer, axis, inner, y, argument, true);

    public static void Min(float* x, nint outer, nint axis, nint inner, float* y, int* argument) => Extreme(x, outer, axis, inner, y, argument, false);

    public static void Broadcast(float* dy, nint outer, nint axis, nint inner, float* dx, float factor, bool add)
    {
        for (nint o = 0; o < outer; o++)
        {
            for (nint a = 0; a < axis; a++)
            {
                for (nint i = 0; i < inner; i++)
                {
                    float v = factor * dy[(o * inner) + i];
                    float* d = dx + (((o * axis) + a) * inner) + i;
                    *d = add ? *d + v : v;
                }
            }
        }
    }

    public static void ScatterExtreme(float* dy, int* argument, nint outer, nint axis, nint inner, float* dx, bool add)
    {
        if (!add) { Arithmetic.Fill(dx, 0, outer * axis * inner); }
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                dx[(((o * axis) + argument[(o * inner) + i]) * inner) + i] += dy[(o * inner) + i];
            }
        }
    }

    private static void Extreme(float* x, nint outer, nint axis, nint inner, float* y, int* argument, bool max)
    {
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                float* p = x + (o * axis * inner) + i;
                float best = *p;
                int index = 0;
                for (nint a = 1; a < axis; a++)
                {
                    float v = p[a * inner];
                    if ((max ? v > best : v < best) || (float.IsNaN(v) && !float.IsNaN(best))) { best = v; index = (int)a; }
                }

                y[(o * inner) + i] = best;
                if (argument != null) { argument[(o * inner) + i] = index; }
            }
        }
    }
}
