namespace Pondus.Kernels;

/// <summary>A vector of floats of one width, so that each kernel is written once.</summary>
/// <typeparam name="TSelf">The vector itself.</typeparam>
/// <remarks>Comparisons give all ones or all zeros in each lane. The members on bits see each lane as a 32-bit integer.</remarks>
internal unsafe interface IVector<TSelf>
    where TSelf : struct, IVector<TSelf>
{
    /// <summary>Gets the number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Adds.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Subtracts.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Multiplies.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Divides.</summary>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>And of the bits.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>Or of the bits.</summary>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>Exclusive or of the bits.</summary>
    static abstract TSelf operator ^(TSelf a, TSelf b);

    /// <summary>Makes a vector of equal lanes.</summary>
    static abstract TSelf Create(float value);

    /// <summary>Makes a vector of equal bits.</summary>
    static abstract TSelf CreateBits(int value);

    /// <summary>Makes the vector of bits 0, 1, 2, ...</summary>
    static abstract TSelf LaneIndices();

    /// <summary>Reads all lanes; the address need not be aligned.</summary>
    static abstract TSelf Load(float* p);

    /// <summary>Reads the first n lanes and sets the others to 0, without touching memory beyond them.</summary>
    static abstract TSelf LoadPartial(float* p, nint n);

    /// <summary>Writes all lanes.</summary>
    static abstract void Store(float* p, TSelf v);

    /// <summary>Writes the first n lanes, without touching memory beyond them.</summary>
    static abstract void StorePartial(float* p, nint n, TSelf v);

    /// <summary>a b + c, in one rounding where the processor can.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>The larger one; b when either is NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller one; b when either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The square root.</summary>
    static abstract TSelf Sqrt(TSelf x);

    /// <summary>Rounds to the nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>x 2^n for a whole n in [-252, 254].</summary>
    static abstract TSelf ScaleExponent(TSelf x, TSelf n);

    /// <summary>Mask of a &gt; b.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>Mask of a &gt;= b.</summary>
    static abstract TSelf GreaterOrEqual(TSelf a, TSelf b);

    /// <summary>Mask of a = b.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>Mask of lanes that are NaN.</summary>
    static abstract TSelf IsNaN(TSelf x);

    /// <summary>Chooses a where the mask is set and b elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary>Tells whether any lane of a mask is set.</summary>
    static abstract bool Any(TSelf mask);

    /// <summary>Adds the bits as integers.</summary>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    /// <summary>Multiplies the bits as integers and keeps the low 32.</summary>
    static abstract TSelf MultiplyBits(TSelf a, TSelf b);

    /// <summary>Shifts the bits right and fills with zeros.</summary>
    static abstract TSelf ShiftRightLogical(TSelf a, int count);

    /// <summary>Shifts the bits left.</summary>
    static abstract TSelf ShiftLeft(TSelf a, int count);

    /// <summary>Shifts the bits right and repeats the sign.</summary>
    static abstract TSelf ShiftRight(TSelf a, int count);

    /// <summary>Turns integers in the bits into floats.</summary>
    static abstract TSelf ToSingle(TSelf bits);

    /// <summary>Turns floats into integers in the bits, towards zero.</summary>
    static abstract TSelf ToInt32(TSelf x);

    /// <summary>Adds all lanes in a fixed tree order.</summary>
    static abstract float SumLanes(TSelf x);

    /// <summary>The largest lane; any lane may be chosen when one is NaN.</summary>
    static abstract float MaxLanes(TSelf x);
}
