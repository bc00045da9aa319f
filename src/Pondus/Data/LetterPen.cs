namespace Pondus.Data;

/// <summary>Draws the strokes of one letter: where a pixel's middle is near a stroke there is ink.</summary>
internal sealed class LetterPen
{
    private const int CurvePieces = 10;

    private readonly LettersOptions _options;
    private readonly float[] _nearest; // squared distance of each pixel to the nearest stroke, in pixels
    private RandomSource _random = new(0);
    private float _radius, _xx, _xy, _yx, _yy, _shiftX, _shiftY;

    internal LetterPen(LettersOptions options)
    {
        _options = options;
        _nearest = new float[options.Size * options.Size];
    }

    /// <summary>Begins a picture: draws how this letter lies and how thick it is.</summary>
    internal void Begin(RandomSource random)
    {
        _random = random;
        Array.Fill(_nearest, float.MaxValue);
        // The tangent of half the angle gives sine and cosine by arithmetic alone; the series is exact to 1e-4 degrees below 45.
        float half = Vary(-_options.Rotation, _options.Rotation) * (MathF.PI / 360f);
        float tangent = half + (half * half * half / 3f) + (2f * half * half * half * half * half / 15f);
        float cosine = (1f - (tangent * tangent)) / (1f + (tangent * tangent)), sine = 2f * tangent / (1f + (tangent * tangent));
        float scaleX = 1f + Vary(-_options.Scaling, _options.Scaling), scaleY = 1f + Vary(-_options.Scaling, _options.Scaling);
        float shear = Vary(-_options.Shear, _options.Shear);
        _xx = cosine * scaleX;
        _xy = scaleY * ((cosine * shear) - sine);
        _yx = sine * scaleX;
        _yy = scaleY * ((sine * shear) + cosine);
        _shiftX = 0.5f + Vary(-_options.Shift, _options.Shift);
        _shiftY = 0.5f + Vary(-_options.Shift, _options.Shift);
        _radius = 0.5f * _options.Size * Vary(_options.MinThickness, _options.MaxThickness);
    }

    /// <summary>Draws a number between two.</summary>
    internal float Vary(float low, float high) => low + ((high - low) * _random.NextSingle());

    /// <summary>A point of the letter, moved a little.</summary>
    internal (float X, float Y) Point(float x, float y) => (x + Wobble(), y + Wobble());

    /// <summary>A point that was already moved, moved less: where strokes meet, a hand hits nearly.</summary>
    internal (float X, float Y) Near((float X, float Y) point) => (point.X + (0.4f * Wobble()), point.Y + (0.4f * Wobble()));

    /// <summary>A line that a hand bends slightly.</summary>
    internal void Line((float X, float Y) a, (float X, float Y) b)
    {
        (float X, float Y) middle = Near((0.5f * (a.X + b.X), 0.5f * (a.Y + b.Y)));
        Curve(a, middle, middle, b);
    }

    /// <summary>A half circle or flatter, from one point of a stem to another, out to a distance to the right.</summary>
    internal void Bowl((float X, float Y) a, (float X, float Y) b, float reach)
    {
        // A cubic reaches three quarters of the way to its two middle points.
        float outward = (reach - (0.5f * (a.X + b.X))) / 0.75f;
        float lean = 0.12f * (b.Y - a.Y);
        Curve(a, Near((a.X + outward, a.Y + lean)), Near((b.X + outward, b.Y - lean)), b);
    }

    /// <summary>A cubic Bezier curve.</summary>
    internal void Curve((float X, float Y) a, (float X, float Y) b, (float X, float Y) c, (float X, float Y) d)
    {
        (float X, float Y) from = ToPixels(a.X, a.Y);
        for (int i = 1; i <= CurvePieces; i++)
        {
            float t = (float)i / CurvePieces, s = 1f - t;
            float wa = s * s * s, wb = 3f * s * s * t, wc = 3f * s * t * t, wd = t * t * t;
            (float X, float Y) to = ToPixels((wa * a.X) + (wb * b.X) + (wc * c.X) + (wd * d.X), (wa * a.Y) + (wb * b.Y) + (wc * c.Y) + (wd * d.Y));
            Segment(from, to);
            from = to;
        }
    }

    /// <summary>Ends a picture: turns distances into gray and adds noise.</summary>
    internal void Finish(Span<float> picture)
    {
        float ink = Vary(0.75f, 1f), outer = _radius + 0.5f;
        for (int i = 0; i < picture.Length; i++)
        {
            float gray = _nearest[i] >= outer * outer ? 0f : ink * Math.Min(1f, outer - MathF.Sqrt(_nearest[i]));
            // The sum of four random bytes is nearly normal, with mean 510 and variance 4 (256^2 - 1) / 12; one draw has four.
            uint bits = _random.NextUInt32();
            int sum = (int)((bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + (bits >> 24));
            picture[i] = Math.Clamp(gray + (_options.Noise * (sum - 510) * (1f / 147.80054f)), 0f, 1f);
        }
    }

    private float Wobble() => Vary(-_options.Jitter, _options.Jitter);

    private (float X, float Y) ToPixels(float x, float y)
    {
        x -= 0.5f;
        y -= 0.5f;
        return (_options.Size * ((_xx * x) + (_xy * y) + _shiftX), _options.Size * ((_yx * x) + (_yy * y) + _shiftY));
    }

    private void Segment((float X, float Y) a, (float X, float Y) b)
    {
        int size = _options.Size;
        float reach = _radius + 1f, dx = b.X - a.X, dy = b.Y - a.Y, square = Math.Max((dx * dx) + (dy * dy), 1e-12f);
        int left = (int)Math.Clamp(Math.Min(a.X, b.X) - reach, 0f, size), right = (int)Math.Clamp(Math.Max(a.X, b.X) + reach, 0f, size);
        int top = (int)Math.Clamp(Math.Min(a.Y, b.Y) - reach, 0f, size), bottom = (int)Math.Clamp(Math.Max(a.Y, b.Y) + reach, 0f, size);
        for (int row = top; row < bottom; row++)
        {
            for (int column = left; column < right; column++)
            {
                float x = column + 0.5f - a.X, y = row + 0.5f - a.Y;
                float along = Math.Clamp(((x * dx) + (y * dy)) / square, 0f, 1f);
                float ex = x - (along * dx), ey = y - (along * dy);
                int index = (row * size) + column;
                _nearest[index] = Math.Min(_nearest[index], (ex * ex) + (ey * ey));
            }
        }
    }
}
