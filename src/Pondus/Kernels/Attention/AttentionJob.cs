namespace Pondus.Kernels;

/// <summary>Attention of queries to keys: operands, sizes and what may be attended to.</summary>
/// <remarks>
/// A unit is a sample and a head of keys, with all heads of queries that share it; where there are few, the forward pass cuts the queries too.
/// Within a unit, blocks of rows meet blocks of keys in the tiles of the matrix product: of the scores, one such block exists at a time.
/// </remarks>
internal unsafe struct AttentionJob
{
    // A block of scores stays in the first-level cache.
    public const int RowBlock = 32;
    public const int KeyBlock = 256;

    // With so many units the threads are busy without cutting the queries.
    private const int EnoughUnits = 16;

    public AttentionLayout Query;
    public AttentionLayout Key;
    public AttentionLayout Value;
    public AttentionLayout Output;
    public int Batch;
    public int Heads;
    public int KeyHeads;
    public int Queries;
    public int Keys;
    public int Size;
    public int ValueSize;
    public float Scale;

    /// <summary>Whether the query at place i sees only the keys up to place i + <see cref="Offset"/>.</summary>
    public bool Causal;
    public int Offset;

    /// <summary>How many keys of each sample there are, or null for all.</summary>
    public int* Lengths;

    /// <summary>Added to the scores, or null; its strides are 0 where it is repeated.</summary>
    public float* Mask;
    public nint MaskBatch;
    public nint MaskHead;
    public nint MaskRow;

    /// <summary>Share of the attention weights that are dropped, and the key and counter of their mask.</summary>
    public float Rate;
    public ulong RandomKey;
    public ulong Counter;

    /// <summary>The logarithm of the sum of e^score of each sample, head and query; null where no gradient will be asked for.</summary>
    public float* Statistics;

    /// <summary>Gets the heads of queries that share a head of keys.</summary>
    public readonly int Group => Heads / KeyHeads;

    /// <summary>Gets the blocks of queries.</summary>
    public readonly int RowBlocks => (Queries + RowBlock - 1) / RowBlock;

    /// <summary>Gets the parts that the forward pass cuts the queries of a unit into.</summary>
    public readonly int Parts => Batch * KeyHeads >= EnoughUnits ? 1 : Math.Max(1, Math.Min(RowBlocks, EnoughUnits / Math.Max(1, Batch * KeyHeads)));

    /// <summary>The keys that a sample has.</summary>
    public readonly int KeysOf(nint batch) => Lengths == null ? Keys : Math.Clamp(Lengths[batch], 0, Keys);

    /// <summary>The keys, of those that there are, which the query of a row may see.</summary>
    public readonly int Visible(int row, int keys) => Causal ? Math.Clamp(row + 1 + Offset, 0, keys) : keys;

    /// <summary>The mask's row for a query, from a key on; null without a mask.</summary>
    public readonly float* MaskAt(nint batch, nint head, nint row, nint key) => Mask == null ? null : Mask + (batch * MaskBatch) + (head * MaskHead) + (row * MaskRow) + key;

    /// <summary>The counter of the random block for a query's weights, from a key on; the key is a multiple of 4.</summary>
    public readonly ulong CounterAt(nint batch, nint head, nint row, nint key) =>
        Counter + ((ulong)((((batch * Heads) + head) * Queries) + row) * (ulong)((Keys + 3) / 4)) + (ulong)(key / 4);
}
