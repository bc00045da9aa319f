namespace Pondus.Kernels;

/// <summary>A product of a recurrent cell: some columns of its sums, from the input, the hidden state or both.</summary>
/// <param name="Column">First column among the sums.</param>
/// <param name="Width">Columns.</param>
/// <param name="InputRow">Row of the input's weight that belongs to the first column, or -1 when the input takes no part.</param>
/// <param name="HiddenRow">Row of the hidden state's weight that belongs to the first column, or -1 when the hidden state takes no part.</param>
internal readonly record struct RecurrentPart(int Column, int Width, int InputRow, int HiddenRow)
{
    /// <summary>The largest number of products of a cell.</summary>
    public const int MostParts = 3;

    /// <summary>Gets the number of products of a cell.</summary>
    public static int CountOf(RecurrentKind kind) => kind == RecurrentKind.Gru ? MostParts : 1;

    /// <summary>Gets a product of a cell.</summary>
    public static RecurrentPart Of(RecurrentKind kind, int index, int hidden) => (kind, index) switch
    {
        (RecurrentKind.Gru, 0) => new(hidden, 2 * hidden, 0, 0),
        (RecurrentKind.Gru, 1) => new(0, hidden, 2 * hidden, -1),
        (RecurrentKind.Gru, _) => new(3 * hidden, hidden, -1, 2 * hidden),
        (RecurrentKind.Lstm, _) => new(0, 4 * hidden, 0, 0),
        _ => new(0, hidden, 0, 0),
    };

    /// <summary>Gets the number of sums of a cell for each hidden unit.</summary>
    public static int SumsOf(RecurrentKind kind) => kind is RecurrentKind.Lstm or RecurrentKind.Gru ? 4 : 1;

    /// <summary>Gets the number of gates of a cell: rows of a weight for each hidden unit.</summary>
    public static int GatesOf(RecurrentKind kind) => kind switch
    {
        RecurrentKind.Lstm => 4,
        RecurrentKind.Gru => 3,
        _ => 1,
    };

    /// <summary>Gets the length of the product's sums.</summary>
    public int Inner(int inputs, int hidden) => (InputRow >= 0 ? inputs : 0) + (HiddenRow >= 0 ? hidden : 0);
}
