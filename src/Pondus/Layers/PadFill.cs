namespace Pondus.Layers;

/// <summary>What added places hold.</summary>
internal enum PadFill
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The mirror image about the border place, which is not repeated.</summary>
    Reflection,

    /// <summary>The value at the border.</summary>
    Replication,
}
