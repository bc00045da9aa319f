using System.Runtime.CompilerServices;
using Pondus.Data.Augmentations;
using Pondus.Kernels;

namespace Pondus.Data;

/// <summary>Gathers a batch, at once or on an idle core, and augments its samples.</summary>
internal sealed unsafe class GatherJob : BackgroundJob
{
    // Changing a value costs about as much as copying a dozen.
    private const int AugmentationWork = 12;
    private readonly Dataset _data;
    private readonly int _size;
    private readonly Augmenter? _augmenter;
    private readonly PictureFormat _format;
    private readonly int _rows;
    private readonly float[] _scratch;
    private ulong _key;
    private ulong _augmentationKey;
    private int _start;
    private bool _shuffle;
    private int _offset;

    public GatherJob(Dataset data, int size, Augmenter? augmenter)
    {
        _data = data;
        _size = size;
        _augmenter = augmenter;
        Batch = new Batch(data, size, augmenter?.Mixes ?? false);
        long rowFloats = data.InputShape.Count + data.TargetShape.Count;
        _rows = Launch.RowsPerChunk(augmenter is null ? rowFloats : AugmentationWork * rowFloats);
        if (augmenter is not null)
        {
            _format = augmenter.FormatOf(data.InputShape);
            if (augmenter.Mixes && data.LabelShape.Count != 1)
            {
                throw new ShapeException($"Augmenter: expected one class for each sample that is mixed, got {data.LabelShape}.");
            }

            _scratch = new float[2L * data.InputShape.Count * ((size + _rows - 1) / _rows)];
        }
        else
        {
            _scratch = [];
        }
    }

    public Batch Batch { get; }

    public void Prepare(ulong key, int position, bool shuffle, ulong augmentationKey)
    {
        _key = key;
        _augmentationKey = augmentationKey;
        _start = position * _size;
        _shuffle = shuffle;
        _offset = shuffle && _data.OffsetCount > 1 ? DrawOffset(key) : 0;
        Batch.Renew(Math.Min(_size, _data.Count - _start));
    }

    /// <summary>Gathers now, the rows divided among the threads as the first layers will divide them: each then finds its rows in its own cache.</summary>
    public void Run() => Gather(spread: true);

    protected override void Execute() => Gather(spread: false);

    /// <summary>Where the windows over a long sequence begin in this epoch.</summary>
    private int DrawOffset(ulong key)
    {
        SampleRandom random = new(key, 0);
        return random.NextInt32(_data.OffsetCount);
    }

    private static void Part(int chunk, void* state)
    {
        Sources* s = (Sources*)state;
        int begin = chunk * s->Rows, count = Math.Min(s->Count - begin, s->Rows);
        int* order = s->Order + begin;
        Span<int> indices = new(order, count);
        if (s->Shuffle)
        {
            Permutations.Fill(s->Key, s->Total, s->Start + begin, indices);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                indices[i] = s->Start + begin + i;
            }
        }

        Kernels.Gather.Rows(s->Inputs, s->InputWidth, order, count, s->ToInputs + ((nint)begin * s->InputWidth));
        if (s->Targets != null)
        {
            Kernels.Gather.Rows(s->Targets, s->TargetWidth, order, count, s->ToTargets + ((nint)begin * s->TargetWidth));
        }

        if (s->Labels != null)
        {
            nint width = s->LabelWidth;
            for (int i = 0; i < count; i++)
            {
                int* from = s->Labels + (order[i] * width), to = s->ToLabels + ((begin + i) * width);
                for (nint j = 0; j < width; j++)
                {
                    to[j] = from[j];
                }
            }
        }

        GatherJob job = Unsafe.AsRef<GatherJob>(s->Job);
        for (int i = begin; job._augmenter is not null && i < begin + count; i++)
        {
            job.Augment(s, i, chunk);
        }
    }

    /// <summary>Changes one sample of the batch, and mixes it with another one, which goes through the same changes by its own draws.</summary>
    private void Augment(Sources* s, int row, int chunk)
    {
        int width = (int)s->InputWidth;
        Span<float> values = new(s->ToInputs + (row * s->InputWidth), width);
        Span<float> partner = _scratch.AsSpan(2 * chunk * width, width), scratch = _scratch.AsSpan(((2 * chunk) + 1) * width, width);
        int own = s->Order[row], other = own;
        ulong key = RandomSource.DeriveKey(_augmentationKey, own);
        _augmenter!.Change(values, scratch, _format, key);
        float share = 1f;
        if (_augmenter.Choose(key, out SampleRandom random) is { } mixing)
        {
            other = random.NextInt32(s->Total);
            new Span<float>(s->Inputs + (other * s->InputWidth), width).CopyTo(partner);
            _augmenter.Change(partner, scratch, _format, RandomSource.DeriveKey(key, other));
            share = mixing.Mix(values, partner, _format, ref random);
        }

        if (_augmenter.Mixes)
        {
            MixTargets(s, row, own, other, share);
        }
    }

    private void MixTargets(Sources* s, int row, int own, int other, float share)
    {
        Span<float> target = new(s->ToTargets + (row * s->TargetWidth), (int)s->TargetWidth);
        if (s->Labels != null)
        {
            target.Clear();
            target[s->Labels[own]] = share;
            target[s->Labels[other]] += 1f - share;
            s->ToLabels[row] = s->Labels[share >= 0.5f ? own : other];
            return;
        }

        ReadOnlySpan<float> second = _data.Targets.AsSpan(other * target.Length, target.Length);
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (share * target[i]) + ((1f - share) * second[i]);
        }
    }

    private void Gather(bool spread)
    {
        GatherJob self = this;
        fixed (float* inputs = _data.Inputs, targets = _data.Targets)
        fixed (int* labels = _data.Labels, order = Batch.WritableIndices, toLabels = Batch.WritableLabels)
        {
            Sources sources = new()
            {
                // The address of a variable on this stack, which outlives the run; the collector keeps it up to date.
                Job = Unsafe.AsPointer(ref self),
                Key = _key,
                Shuffle = _shuffle,
                Total = _data.Count,
                Start = _start,
                Count = Batch.Count,
                Rows = spread ? _rows : Batch.Count,
                Inputs = inputs + _offset,
                InputWidth = _data.InputShape.Count,
                ToInputs = Batch.InputData,
                Targets = targets,
                TargetWidth = _data.Targets is null ? _data.ClassCount : _data.TargetShape.Count,
                ToTargets = Batch.TargetData,
                Labels = labels == null ? null : labels + _offset,
                LabelWidth = _data.LabelShape.Count,
                ToLabels = toLabels,
                Order = order,
            };
            Pool.Run(&Part, &sources, (sources.Count + sources.Rows - 1) / sources.Rows);
        }

        GC.KeepAlive(self);
    }

    private struct Sources
    {
        public void* Job;
        public ulong Key;
        public bool Shuffle;
        public int Total;
        public int Start;
        public int Count;
        public int Rows;
        public float* Inputs;
        public nint InputWidth;
        public float* ToInputs;
        public float* Targets;
        public nint TargetWidth;
        public float* ToTargets;
        public int* Labels;
        public nint LabelWidth;
        public int* ToLabels;
        public int* Order;
    }
}
