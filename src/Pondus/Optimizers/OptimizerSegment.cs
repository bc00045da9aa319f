namespace Pondus.Optimizers;

/// <summary>Neighboring parameters of one slab and one group, with the optimizer's state at the same offsets.</summary>
internal sealed unsafe class OptimizerSegment
{
    private readonly Slab _slab;
    private readonly int _offset;
    private readonly float[][] _homes;
    private readonly nint[] _slots;

    public OptimizerSegment(IReadOnlyList<Parameter> parameters, ParameterGroup group, int slotCount)
    {
        Group = group;
        Steps = new long[parameters.Count];
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

    /// <summary>Steps that moved each parameter.</summary>
    public long[] Steps { get; }

    public ParameterGroup Group { get; }

    public int Count { get; }

    public Span<float> Weight(int start, int count) => new(_slab.Values + _offset + start, count);

    public Span<float> Gradient(int start, int count) => new(_slab.Gradients + _offset + start, count);

    public Span<float> Slot(int index, int start, int count) => new((float*)_slots[index] + start, count);

    public int StartOf(Parameter parameter) => parameter.Offset - _offset;

    /// <summary>Counts a step for each parameter that has a gradient.</summary>
    /// <returns>Whether all have one and are at the same step, so that they can move in one stretch.</returns>
    public bool Advance()
    {
        bool whole = true;
        for (int i = 0; i < Parameters.Length; i++)
        {
            bool moves = Parameters[i].HasGradient;
            Steps[i] += moves ? 1 : 0;
            whole &= moves && Steps[i] == Steps[0];
        }

        return whole;
    }

    /// <summary>Cuts parameters into stretches that lie one behind the other.</summary>
    public static List<OptimizerSegment> Of(IEnumerable<Parameter> parameters, Func<Parameter, ParameterGroup> groupOf, int slotCount)
    {
        List<OptimizerSegment> segments = [];
        List<Parameter> run = [];
        ParameterGroup group = ParameterGroups.Usual;
        foreach (Parameter parameter in parameters)
        {
            ParameterGroup own = groupOf(parameter);
            if (run.Count > 0 && (own != group || run[^1].Slab != parameter.Slab || run[^1].Offset + PinnedBuffer.Align(run[^1].Count) != parameter.Offset))
            {
                segments.Add(new OptimizerSegment(run, group, slotCount));
                run.Clear();
            }

            group = own;
            run.Add(parameter);
        }

        if (run.Count > 0)
        {
            segments.Add(new OptimizerSegment(run, group, slotCount));
        }

        return segments;
    }
}
