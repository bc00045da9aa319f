namespace Pondus.Kernels;

/// <summary>Where the vectors of each sample, head and token lie; the values of one vector are neighbors.</summary>
/// <param name="data">The first value, or null where nothing is wanted.</param>
/// <param name="batch">Floats from a sample to the next.</param>
/// <param name="head">Floats from a head to the next.</param>
/// <param name="token">Floats from a token to the next.</param>
internal unsafe struct AttentionLayout(float* data, nint batch, nint head, nint token)
{
    public float* Data = data;
    public nint Batch = batch;
    public nint Head = head;
    public nint Token = token;

    /// <summary>Vectors of a tensor (batch, heads, tokens, size).</summary>
    public static AttentionLayout HeadsFirst(float* data, int heads, int tokens, int size) => new(data, (nint)heads * tokens * size, (nint)tokens * size, size);

    /// <summary>Vectors of a tensor (batch, tokens, width), heads side by side from an offset on.</summary>
    public static AttentionLayout TokensFirst(float* data, int tokens, int width, int size, int offset = 0) => new(data + offset, (nint)tokens * width, size, width);

    /// <summary>The vectors of one sample and head.</summary>
    public readonly float* At(nint batch, nint head) => Data + (batch * Batch) + (head * Head);
}
