namespace Pondus.Kernels;

/// <summary>The gradient of a convolution's weight: for each tap the sum over all places of dy times x.</summary>
internal static unsafe class ConvWeightGradient
{
    // A part sums at least so many places, and the memory of all parts stays in the second-level cache.
    private const int PartPlaces = 2048;
    private const int MostParts = 32;
    private const int PartialFloats = 1 << 18;

    // Longer sums would lose digits: then parts of large weights are paid with memory.
    private const int LongSum = 32768;
    private const int MostLargeParts = 16;

    // With so many parts there is work for all threads without further cuts.
    private const int EnoughParts = 8;
    private const double ParallelWork = 4e5;

    /// <summary>dw = (or +=) the gradient of the weight, as the weight is stored.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="x">Its input.</param>
    /// <param name="dy">The gradient of its output.</param>
    /// <param name="dw">Receives the gradient: (outChannels, inChannels / groups, kernelHeight, kernelWidth).</param>
    /// <param name="add">Whether dw is added to.</param>
    public static void Run(in ConvGeometry g, float* x, float* dy, float* dw, bool add)
    {
        // Taps of a kernel row are neighbors in x unless other channels or places lie between.
        bool together = g.Groups == 1 && g.DilationX == 1;
        ConvStretch* stretches = stackalloc ConvStretch[ConvStretch.Most(in g)];
        int span = g.GroupInChannels * (together ? g.KernelWidth : 1), filters = g.GroupOutChannels;
        ConvWeightFinish finish = new()
        {
            Job = new()
            {
                G = g,
                X = x,
                Dy = dy,
                Stretches = stretches,
                StretchCount = ConvStretch.Find(in g, together, new Span<ConvStretch>(stretches, ConvStretch.Most(in g))),
                XInVectors = PutXInVectors(span, filters),
            },
            Dw = dw,
            Add = add,
        };
        ref ConvWeightJob job = ref finish.Job;
        job.Pitch = ((job.XInVectors ? job.Span : filters) + 15) & ~15;
        long places = (long)g.Batch * g.OutHeight * g.OutWidth;
        long affordable = Math.Max(PartialFloats / Math.Max(1, job.PartSize), Math.Min(MostLargeParts, places / LongSum));
        job.Parts = (int)Math.Clamp(Math.Min(places / PartPlaces, affordable), 1, MostParts);
        job.Cuts = job.Parts >= EnoughParts ? 1 : g.Groups * g.KernelHeight * job.Panels;
        job.Partials = Scratch.Operands(job.Parts * job.PartSize);
        bool alone = g.Work < ParallelWork;
        Run(&ConvWeightJob.RunUnit, &finish.Job, job.Parts * job.Cuts, alone);
        Run(&ConvWeightFinish.RunUnit, &finish, finish.Units, alone);
    }

    // What leaves fewer lanes empty; else what loads fewer operands for a tile, which has one vector of a few filters.
    private static bool PutXInVectors(int span, int filters)
    {
        int lanes = ConvWeightTiles.Lanes;
        long x = (long)filters * ((span + lanes - 1) / lanes), dy = (long)span * ((filters + lanes - 1) / lanes);
        return x < dy || (x == dy && filters <= lanes && span > lanes);
    }

    private static void Run(delegate*<int, void*, void> unit, void* state, int units, bool alone)
    {
        if (!alone)
        {
            Pool.Run(unit, state, units);
            return;
        }

        for (int i = 0; i < units; i++)
        {
            unit(i, state);
        }
    }
}
