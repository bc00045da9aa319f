namespace Pondus.Data;

/// <summary>Generated pictures of the letters A, B and C, drawn from strokes as a hand would.</summary>
/// <remarks>
/// <para>A: left slanted line, right slanted line, bar. B: stem, top curve, bottom curve. C: top curve, left curve, bottom curve.</para>
/// <para>Each picture has its own points, rotation, slant, size, place, thickness, darkness and noise. Only additions,
/// multiplications, divisions and square roots are used, so the bits are the same on every machine.</para>
/// </remarks>
public static class Letters
{
    private static readonly string[] s_names = ["A", "B", "C"];

    /// <summary>Draws letters; class i is every third sample from i on, so the classes differ by at most one sample.</summary>
    /// <remarks>Shape: inputs (1, size, size), from 0 (paper) to 1 (ink).</remarks>
    /// <param name="count">How many pictures, at least 0.</param>
    /// <param name="random">The source; each picture has a stream of its own, so the first pictures do not depend on the count.</param>
    /// <param name="options">How they vary, or null for the usual.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static Dataset Generate(int count, RandomSource random, LettersOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(random);
        options ??= new LettersOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 8, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MinThickness, options.MaxThickness, nameof(options));
        int pixels = options.Size * options.Size;
        float[] inputs = new float[(long)count * pixels];
        int[] labels = new int[count];
        LetterPen pen = new(options);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % s_names.Length;
            pen.Begin(random.Stream(i));
            Draw(pen, labels[i]);
            pen.Finish(inputs.AsSpan(i * pixels, pixels));
        }

        return new Dataset(inputs, [1, options.Size, options.Size], labels, s_names);
    }

    /// <summary>Draws one letter in the unit square, x to the right and y down.</summary>
    private static void Draw(LetterPen pen, int letter)
    {
        switch (letter)
        {
            case 0:
                DrawA(pen);
                break;
            case 1:
                DrawB(pen);
                break;
            default:
                DrawC(pen);
                break;
        }
    }

    private static void DrawA(LetterPen pen)
    {
        // Some are round or flat at the top, so the two lines start apart.
        float gap = pen.Vary(0f, 0.05f), bar = pen.Vary(0.56f, 0.72f);
        (float X, float Y) left = pen.Point(0.5f - gap, 0.16f), right = pen.Point(0.5f + gap, 0.16f);
        (float X, float Y) leftFoot = pen.Point(0.22f, 0.84f), rightFoot = pen.Point(0.78f, 0.84f);
        pen.Line(left, leftFoot);
        pen.Line(left, right);
        pen.Line(right, rightFoot);
        float along = (bar - 0.16f) / 0.68f;
        pen.Line(pen.Near(Between(left, leftFoot, along)), pen.Near(Between(right, rightFoot, along)));
    }

    private static void DrawB(LetterPen pen)
    {
        float waist = pen.Vary(0.42f, 0.54f), top = pen.Vary(0.62f, 0.8f), bottom = pen.Vary(0.68f, 0.86f);
        (float X, float Y) head = pen.Point(0.29f, 0.16f), foot = pen.Point(0.29f, 0.84f);
        (float X, float Y) middle = pen.Near(Between(head, foot, (waist - 0.16f) / 0.68f));
        pen.Line(head, foot);
        pen.Bowl(head, middle, top);
        pen.Bowl(middle, foot, bottom);
    }

    private static void DrawC(LetterPen pen)
    {
        // An opening from a third to two thirds of the height; the three curves meet where the pen does not leave the paper.
        float opening = pen.Vary(0.1f, 0.17f);
        (float X, float Y) start = pen.Point(0.74f, 0.5f - opening - 0.07f), end = pen.Point(0.74f, 0.5f + opening + 0.07f);
        (float X, float Y) upper = pen.Point(0.3f, 0.32f), lower = pen.Point(0.3f, 0.68f);
        pen.Curve(start, pen.Point(0.66f, 0.12f), pen.Point(0.4f, 0.1f), upper);
        pen.Curve(upper, pen.Point(0.235f, 0.43f), pen.Point(0.235f, 0.57f), lower);
        pen.Curve(lower, pen.Point(0.4f, 0.9f), pen.Point(0.66f, 0.88f), end);
    }

    private static (float X, float Y) Between((float X, float Y) a, (float X, float Y) b, float share) =>
        (a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)));
}
