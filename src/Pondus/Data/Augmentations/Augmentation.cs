namespace Pondus.Data.Augmentations;

/// <summary>A random change of a sample that leaves its meaning: what is learned should not depend on it.</summary>
/// <remarks>To write your own, change the values in <see cref="Apply"/> and draw from the source given there alone: then the run can be resumed, with any number of threads.</remarks>
public abstract class Augmentation
{
    /// <summary>Gets a value indicating whether samples must be pictures; others are handed on as one row.</summary>
    public virtual bool NeedsPictures => true;

    /// <summary>Changes one sample in place.</summary>
    /// <param name="values">Its values, plane after plane.</param>
    /// <param name="scratch">Room of the same size; its content is undefined.</param>
    /// <param name="format">Sizes and units.</param>
    /// <param name="random">Source of random numbers, of this sample in this epoch.</param>
    public abstract void Apply(Span<float> values, Span<float> scratch, in PictureFormat format, ref SampleRandom random);
}
