namespace Pondus.Layers;

/// <summary>How many places a layer adds on each side; below 0 it takes them away. One number stands for all sides.</summary>
/// <param name="Left">Before the first column, or before a signal.</param>
/// <param name="Right">Behind the last column, or behind a signal.</param>
/// <param name="Top">Above the first row; signals have none.</param>
/// <param name="Bottom">Below the last row; signals have none.</param>
public readonly record struct PadSize(int Left, int Right, int Top = 0, int Bottom = 0)
{
    /// <summary>Makes a size equal on all sides.</summary>
    /// <param name="all">Places on each side.</param>
    public static implicit operator PadSize(int all) => new(all, all, all, all);

    /// <summary>Makes a size equal on all sides; the same as the conversion.</summary>
    /// <param name="all">Places on each side.</param>
    /// <returns>The size.</returns>
    public static PadSize All(int all) => all;
}
