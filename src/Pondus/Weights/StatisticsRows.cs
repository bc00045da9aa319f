using System.Numerics;

namespace Pondus.Weights;

/// <summary>Counts rows that are all zero, or all one other number. Chunks hold whole rows or a part of one row.</summary>
internal sealed class StatisticsRows
{
    private const int MostShown = 8;
    private readonly List<long> _first = new(MostShown);
    private double? _open;
    private bool _isOpen;

    /// <summary>Gets how many rows of two values or more are all zero.</summary>
    public long ZeroCount { get; private set; }

    /// <summary>Gets how many rows of two values or more are one number other than zero.</summary>
    public long ConstantCount { get; private set; }

    /// <summary>Gets the indices of the first of either sort.</summary>
    public IReadOnlyList<long> First => _first;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _first.Clear();
        _open = null;
        _isOpen = false;
        ZeroCount = ConstantCount = 0;
    }

    /// <summary>Looks at the rows of a chunk; most are let go at their second value.</summary>
    public void Look<T>(ReadOnlySpan<T> values, in StatisticsLayout.Chunk chunk, bool isPart)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (isPart)
        {
            _open = OneValue(values);
            _isOpen = true;
            return;
        }

        for (int at = 0; at < values.Length; at += chunk.RowLength)
        {
            Count(OneValue(values.Slice(at, chunk.RowLength)), chunk.Row + (at / chunk.RowLength), chunk.RowLength);
        }
    }

    /// <summary>Joins what was found in the chunk that follows.</summary>
    public void Add(StatisticsRows other, in StatisticsLayout.Chunk chunk, long rowLength)
    {
        if (!other._isOpen)
        {
            ZeroCount += other.ZeroCount;
            ConstantCount += other.ConstantCount;
            _first.AddRange(other._first.Take(MostShown - _first.Count));
            return;
        }

        _open = _isOpen && _open != other._open ? null : other._open;
        _isOpen = !chunk.EndsRow;
        if (chunk.EndsRow)
        {
            Count(_open, chunk.Row, rowLength);
        }
    }

    private static double? OneValue<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T value = row[0];
        if (!T.IsFinite(value))
        {
            return null;
        }

        foreach (T other in row)
        {
            if (other != value)
            {
                return null;
            }
        }

        return double.CreateTruncating(value);
    }

    private void Count(double? value, long row, long length)
    {
        // One value alone is no row to speak of.
        if (value is not double one || length < 2)
        {
            return;
        }

        ZeroCount += one == 0 ? 1 : 0;
        ConstantCount += one == 0 ? 0 : 1;
        if (_first.Count < MostShown)
        {
            _first.Add(row);
        }
    }
}
