using Pondus.Kernels;

namespace Pondus;

/// <summary>Keys and values that attention has computed for the tokens before, so that generating one more costs one token's work.</summary>
/// <remarks>Memory: 8 batch x heads x capacity x size bytes. One cache belongs to one layer and one run of tokens; it is not safe for several threads.</remarks>
public sealed unsafe class KeyValueCache
{
    private readonly float[] _keyHome;
    private readonly float[] _valueHome;
    private readonly float* _keys;
    private readonly float* _values;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="batch">Number of samples, at least 1.</param>
    /// <param name="heads">Number of heads of keys, at least 1.</param>
    /// <param name="capacity">Most tokens that it can hold, at least 1.</param>
    /// <param name="size">Size of a key and of a value, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public KeyValueCache(int batch, int heads, int capacity, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Batch = batch;
        Heads = heads;
        Capacity = capacity;
        Size = size;
        int count = checked(batch * heads * capacity * size);
        _keyHome = PinnedBuffer.Allocate(count, out _keys);
        _valueHome = PinnedBuffer.Allocate(count, out _values);
    }

    /// <summary>Gets the number of samples.</summary>
    public int Batch { get; }

    /// <summary>Gets the number of heads of keys.</summary>
    public int Heads { get; }

    /// <summary>Gets the most tokens that it can hold.</summary>
    public int Capacity { get; }

    /// <summary>Gets the size of a key and of a value.</summary>
    public int Size { get; }

    /// <summary>Gets the number of tokens that it holds.</summary>
    public int Length { get; private set; }

    /// <summary>Gets where the keys lie.</summary>
    internal AttentionLayout Keys
    {
        get
        {
            GC.KeepAlive(_keyHome);
            return AttentionLayout.HeadsFirst(_keys, Heads, Capacity, Size);
        }
    }

    /// <summary>Gets where the values lie.</summary>
    internal AttentionLayout Values
    {
        get
        {
            GC.KeepAlive(_valueHome);
            return AttentionLayout.HeadsFirst(_values, Heads, Capacity, Size);
        }
    }

    /// <summary>Forgets tokens from a place on.</summary>
    /// <param name="length">How many tokens are kept, at most <see cref="Length"/>.</param>
    public void Truncate(int length = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Takes in the keys and values of new tokens.</summary>
    internal void Append(in AttentionLayout keys, in AttentionLayout values, int tokens)
    {
        Copy(keys, Keys, tokens);
        Copy(values, Values, tokens);
        Length += tokens;
    }

    private void Copy(in AttentionLayout from, in AttentionLayout to, int tokens)
    {
        for (int b = 0; b < Batch; b++)
        {
            for (int h = 0; h < Heads; h++)
            {
                float* source = from.At(b, h), target = to.At(b, h) + (Length * to.Token);
                for (int t = 0; t < tokens; t++, source += from.Token, target += to.Token)
                {
                    new ReadOnlySpan<float>(source, Size).CopyTo(new Span<float>(target, Size));
                }
            }
        }
    }
}
