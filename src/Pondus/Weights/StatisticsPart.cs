using System.Runtime.InteropServices;

namespace Pondus.Weights;

/// <summary>Sums over a part of a tensor; parts are joined in their order, so results do not depend on threads.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct StatisticsPart
{
    public long Count;
    public long Nan;
    public long PositiveInfinity;
    public long NegativeInfinity;
    public long Zeros;
    public double Min;
    public double Max;
    public double Mean;
    public double SquaredDeviations;
    public PrecisionSum First;
    public PrecisionSum Second;

    public static StatisticsPart Empty => new() { Min = double.PositiveInfinity, Max = double.NegativeInfinity };

    /// <summary>Joins another part that lies behind this one.</summary>
    public void Add(in StatisticsPart other)
    {
        Nan += other.Nan;
        PositiveInfinity += other.PositiveInfinity;
        NegativeInfinity += other.NegativeInfinity;
        Zeros += other.Zeros;
        First.Add(other.First);
        Second.Add(other.Second);
        if (other.Count > 0)
        {
            AddMoments(other.Count, other.Mean, other.SquaredDeviations, other.Min, other.Max);
        }
    }

    /// <summary>Joins the mean and the squared deviations of some finite values.</summary>
    public void AddMoments(long count, double mean, double squaredDeviations, double min, double max)
    {
        long total = Count + count;
        double difference = mean - Mean, share = (double)count / total;
        Mean += difference * share;
        SquaredDeviations += squaredDeviations + (difference * difference * Count * share);
        Count = total;
        Min = Math.Min(Min, min);
        Max = Math.Max(Max, max);
    }

    /// <summary>Errors that a narrower type would make.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct PrecisionSum
    {
        public double Largest;
        public double Sum;
        public long Overflows;

        public void Add(in PrecisionSum other)
        {
            Largest = Math.Max(Largest, other.Largest);
            Sum += other.Sum;
            Overflows += other.Overflows;
        }

        public readonly WeightPrecision Of(string dataType, long count) =>
            new(dataType, Largest, count > Overflows ? Sum / (count - Overflows) : 0, Overflows);
    }
}
