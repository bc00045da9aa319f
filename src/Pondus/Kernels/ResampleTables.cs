namespace Pondus.Kernels;

/// <summary>What a resizing or padding reads: sizes, and for each place of the output its inputs and their weights. The caller pins the tables.</summary>
internal unsafe struct ResampleTables
{
    /// <summary>Channels of a place.</summary>
    public nint Channels;

    /// <summary>Height of the input.</summary>
    public nint Height;

    /// <summary>Width of the input.</summary>
    public nint Width;

    /// <summary>Height of the output.</summary>
    public nint NewHeight;

    /// <summary>Width of the output.</summary>
    public nint NewWidth;

    /// <summary>Rows of the input that a row of the output is made of.</summary>
    public int RowTaps;

    /// <summary>Columns of the input that a column of the output is made of.</summary>
    public int ColumnTaps;

    /// <summary>These rows; below 0 lies outside.</summary>
    public int* RowPlaces;

    /// <summary>These columns; below 0 lies outside.</summary>
    public int* ColumnPlaces;

    /// <summary>Weights of the rows.</summary>
    public float* RowWeights;

    /// <summary>Weights of the columns.</summary>
    public float* ColumnWeights;
}
