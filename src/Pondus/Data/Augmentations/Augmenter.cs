namespace Pondus.Data.Augmentations;

/// <summary>What samples go through on their way into a batch, in this order: augmentations one after the other, then at most one mixing.</summary>
/// <remarks>Random numbers are keyed by seed, epoch, sample and place in this list: a sample's bits do not depend on its batch, the number of threads or an interruption.</remarks>
public sealed class Augmenter
{
    private readonly Augmentation[] _augmentations;
    private readonly Mixing[] _mixings;
    private readonly float _black;
    private readonly float _unit;

    /// <summary>Makes the list.</summary>
    /// <param name="augmentations">Changes of single samples, first to last.</param>
    /// <param name="mixings">Blends; the first whose probability strikes is the sample's.</param>
    /// <param name="standardizer">What the samples went through, or null: it tells what black is now, and how large a difference of 1 is.</param>
    public Augmenter(IReadOnlyList<Augmentation> augmentations, IReadOnlyList<Mixing>? mixings = null, Standardizer? standardizer = null)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        _augmentations = [.. augmentations];
        _mixings = [.. mixings ?? []];
        // With a mean and a deviation for every place, black would be another number at each; the mean picture stands for it.
        bool isGlobal = standardizer is { Mean.Length: 1 };
        _black = isGlobal ? -standardizer!.Mean[0] / standardizer.Deviation[0] : 0f;
        _unit = isGlobal ? 1f / standardizer!.Deviation[0] : 1f;
    }

    /// <summary>Gets the changes of single samples.</summary>
    public IReadOnlyList<Augmentation> Augmentations => _augmentations;

    /// <summary>Gets the blends.</summary>
    public IReadOnlyList<Mixing> Mixings => _mixings;

    /// <summary>Gets a value indicating whether targets become blends too.</summary>
    public bool Mixes => _mixings.Length > 0;

    /// <summary>Tells how samples lie, and refuses those that an augmentation cannot take.</summary>
    internal PictureFormat FormatOf(in Shape sample)
    {
        bool needsPictures = _augmentations.Any(static a => a.NeedsPictures) || _mixings.Any(static m => m.NeedsPictures);
        return sample.Rank switch
        {
            3 => new PictureFormat(sample[0], sample[1], sample[2], _black, _unit),
            2 => new PictureFormat(1, sample[0], sample[1], _black, _unit),
            _ when !needsPictures => new PictureFormat(1, 1, sample.Count, _black, _unit),
            _ => throw new ShapeException($"Augmenter: expected pictures of (channels, height, width) or (height, width), got samples of {sample}."),
        };
    }

    /// <summary>Changes one sample.</summary>
    /// <param name="values">Its values.</param>
    /// <param name="scratch">Room of the same size.</param>
    /// <param name="format">Sizes and units.</param>
    /// <param name="key">Key of the sample in its epoch.</param>
    internal void Change(Span<float> values, Span<float> scratch, in PictureFormat format, ulong key)
    {
        for (int i = 0; i < _augmentations.Length; i++)
        {
            SampleRandom random = new(key, i);
            _augmentations[i].Apply(values, scratch, format, ref random);
        }
    }

    /// <summary>Draws whether and how a sample is mixed.</summary>
    /// <param name="key">Key of the sample in its epoch.</param>
    /// <param name="random">Goes on to the partner and the blend.</param>
    internal Mixing? Choose(ulong key, out SampleRandom random)
    {
        for (int i = 0; i < _mixings.Length; i++)
        {
            random = new SampleRandom(key, -1 - i);
            if (random.NextSingle() < _mixings[i].Probability)
            {
                return _mixings[i];
            }
        }

        random = default;
        return null;
    }
}
