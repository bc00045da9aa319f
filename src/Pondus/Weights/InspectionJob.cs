using System.Security.Cryptography;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>One tensor in an <see cref="InspectionPass"/>; the fields that say how far it is are guarded by the pass.</summary>
internal sealed class InspectionJob
{
    private readonly StatisticsLayout _layout;
    private readonly bool _isPartial;
    private readonly StatisticsRows _rows = new();
    private IncrementalHash? _hash;
    private long[]? _fine;
    private StatisticsPart _sum = StatisticsPart.Empty;
    private bool _hasValues;

    public InspectionJob(WeightEntry entry, bool statistics, bool hash)
    {
        Entry = entry;
        WeightLayout? layout = WeightTypes.Layout(entry.DataType);
        _layout = new StatisticsLayout(entry, layout);
        _hasValues = statistics && layout is not null;
        _isPartial = _layout.Chunks > 0 && !_layout.At(0).EndsRow;
        WantsHash = hash;
    }

    public WeightEntry Entry { get; }

    public bool WantsHash { get; }

    /// <summary>Gets the number of chunks whose reading has begun.</summary>
    public long Read { get; set; }

    /// <summary>Gets the number of chunks finished.</summary>
    public long Finished { get; set; }

    public bool IsReading { get; set; }

    public bool IsFinishing { get; set; }

    public PriorityQueue<InspectionBuffer, long> Ready { get; } = new();

    public long Ahead => Read - Finished;

    public bool CanRead => !IsReading && Read < _layout.Chunks;

    public bool CanFinish => !IsFinishing && Ready.TryPeek(out _, out long index) && index == Finished;

    public bool IsDone => Finished == _layout.Chunks;

    /// <summary>Gets what made the tensor unreadable, or null.</summary>
    public string? Failure { get; private set; }

    public string? Sha256 { get; private set; }

    public WeightStatistics? Statistics { get; private set; }

    public InspectionBuffer? NextReady() => Ready.TryPeek(out InspectionBuffer? buffer, out long index) && index == Finished ? Ready.Dequeue() : null;

    /// <summary>Reads a chunk; false when the tensor turns out to be damaged, which is a finding and no end of the inspection.</summary>
    public bool TryRead(InspectionBuffer buffer)
    {
        buffer.Chunk = _layout.At(buffer.Index);
        buffer.Part = StatisticsPart.Empty;
        buffer.Rows.Clear();
        if (Failure is not null)
        {
            return false;
        }

        try
        {
            Entry.Read(buffer.Chunk.Offset, buffer.Bytes);
            return true;
        }
        catch (Exception error) when (error is WeightFormatException or NotSupportedException)
        {
            Failure = error.Message;
            return false;
        }
    }

    /// <summary>Computes the statistics of a chunk.</summary>
    public void Look(InspectionBuffer buffer, InspectionScratch scratch)
    {
        if (!_hasValues)
        {
            return;
        }

        StatisticsPart part = StatisticsPart.Empty;
        if (StatisticsDecoder.IsWide(Entry.DataType))
        {
            Span<double> values = scratch.Doubles.AsSpan(0, buffer.Chunk.Elements);
            WeightValues.Decode(Entry.DataType, buffer.Bytes, values);
            StatisticsKernel.Add(values, Entry.DataType is "float64", ref part, scratch.Fine);
            LookAtRows<double>(values, buffer);
        }
        else if (StatisticsDecoder.TryDecode(Entry.DataType, buffer.Bytes, scratch.Singles, out ReadOnlySpan<float> values))
        {
            StatisticsKernel.Add(values, Entry.DataType is "float32", ref part, scratch.Fine);
            LookAtRows(values, buffer);
        }
        else
        {
            _hasValues = false;
            return;
        }

        buffer.Part = part;
        AddFine(scratch.Fine);
    }

    /// <summary>Joins and hashes the next chunk.</summary>
    public void Finish(InspectionBuffer buffer)
    {
        if (_hasValues && Failure is null)
        {
            _sum.Add(buffer.Part);
            if (_layout.Rows > 0)
            {
                _rows.Add(buffer.Rows, buffer.Chunk, Entry.Count / _layout.Rows);
            }
        }

        if (WantsHash && Failure is null)
        {
            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.AppendData(buffer.Bytes);
        }
    }

    /// <summary>Turns the sums into results and lets go of what they took.</summary>
    public void Close()
    {
        if (Failure is null)
        {
            Sha256 = WantsHash ? Convert.ToHexStringLower(_hash?.GetHashAndReset() ?? SHA256.HashData([])) : null;
            Statistics = _hasValues ? Result() : null;
        }

        _hash?.Dispose();
        _hash = null;
        _fine = null;
    }

    private void LookAtRows<T>(ReadOnlySpan<T> values, InspectionBuffer buffer)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        if (_layout.Rows > 0)
        {
            buffer.Rows.Look(values, buffer.Chunk, _isPartial);
        }
    }

    private void AddFine(uint[] fine)
    {
        // Whole numbers, so the order in which threads come does not matter.
        lock (_rows)
        {
            _fine ??= new long[StatisticsKernel.FineBins];
            for (int i = 0; i < fine.Length; i++)
            {
                _fine[i] += fine[i];
            }
        }

        Array.Clear(fine);
    }

    private WeightStatistics Result()
    {
        bool isEmpty = _sum.Count == 0;
        double min = isEmpty ? double.NaN : _sum.Min, max = isEmpty ? double.NaN : _sum.Max;
        return new WeightStatistics
        {
            Count = Entry.Count,
            Min = min,
            Max = max,
            Mean = isEmpty ? double.NaN : _sum.Mean,
            StandardDeviation = isEmpty ? double.NaN : Math.Sqrt(_sum.SquaredDeviations / _sum.Count),
            ZeroCount = _sum.Zeros,
            NanCount = _sum.Nan,
            PositiveInfinityCount = _sum.PositiveInfinity,
            NegativeInfinityCount = _sum.NegativeInfinity,
            Histogram = StatisticsHistogram.Spread(_fine ?? [], min, max),
            RowCount = _layout.Rows,
            ZeroRowCount = _rows.ZeroCount,
            ConstantRowCount = _rows.ConstantCount,
            FirstDeadRows = [.. _rows.First],
            Precisions = Entry.DataType switch
            {
                "float32" => [_sum.First.Of("bfloat16", _sum.Count), _sum.Second.Of("float16", _sum.Count)],
                "float64" => [_sum.First.Of("float32", _sum.Count)],
                _ => [],
            },
        };
    }
}
