namespace Pondus.Optimizers;

/// <summary>Neighboring parameters of one slab, with the optimizer's state at the same offsets.</summary>
internal sealed unsafe class OptimizerSegment
{
    private readonly Slab _slab;
    private readonly int _offset;
    private readonly float[][] _homes;
    private readonly nint[] _slots;

    public OptimizerSegment(IReadOnlyList<Parameter> parameters, int slotCount)
    {
        Parameters = [.. parameters];
        _slab = parameters[0].Slab;
        _offset = parameters[0].Offset;
        Count = parameters[^1].Offset + parameters[^1].Count - _offset;
        _homes = new float[slotCount][];
        _slots = new nint[slotCount];
        for (int i = 0; i < slotCount; i++)
        {
            _homes[i] = PinnedBuffer.Allocate(Count, out float* pointer, cleared: true);
            _slots[i] = (nint)pointer;
        }
    }

    public Parameter[] Parameters { get; }

    public int Count { get; }

    public Span<float> Weight(int start, int count) => new(_slab.Values + _offset + start, count);

    public Span<float> Gradient(int start, int count) => new(_slab.Gradients + _offset + start, count);

    public Span<float> Slot(int index, int start, int count) => new((float*)_slots[index] + start, count);

    public int StartOf(Parameter parameter) => parameter.Offset - _offset;

    /// <summary>Cuts parameters into stretches that lie one behind the other.</summary>
    public static List<OptimizerSegment> Of(IEnumerable<Parameter> parameters, int slotCount)
    {
        List<OptimizerSegment> segments = [];
        List<Parameter> run = [];
        foreach (Parameter parameter in parameters)
        {
            if (run.Count > 0 && (run[^1].Slab != parameter.Slab || run[^1].Offset + PinnedBuffer.Align(run[^1].Count) != parameter.Offset))
            {
                segments.Add(new OptimizerSegment(run, slotCount));
                run.Clear();
            }

            run.Add(parameter);
        }

        if (run.Count > 0)
        {
            segments.Add(new OptimizerSegment(run, slotCount));
        }

        return segments;
    }
}
