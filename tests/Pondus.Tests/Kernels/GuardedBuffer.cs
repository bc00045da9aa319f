using System.Runtime.InteropServices;
using Xunit;

namespace Pondus.Tests.Kernels;

/// <summary>Unmanaged floats between guard zones, at an address that is aligned to no vector.</summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    private const int GuardCount = 35;
    private const uint GuardBits = 0x7FC0DEAD;
    private readonly uint* _memory;

    public GuardedBuffer(int length)
    {
        Length = length;
        _memory = (uint*)NativeMemory.Alloc((nuint)(length + (2 * GuardCount)) * sizeof(uint));
        new Span<uint>(_memory, length + (2 * GuardCount)).Fill(GuardBits);
    }

    public GuardedBuffer(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    public GuardedBuffer(ReadOnlySpan<int> values)
        : this(values.Length) => values.CopyTo(new Span<int>(Integers, Length));

    public int Length { get; }

    public float* Pointer => (float*)(_memory + GuardCount);

    public int* Integers => (int*)Pointer;

    public Span<float> Span => new(Pointer, Length);

    public static GuardedBuffer Normal(int length, ulong seed, float deviation = 1, float mean = 0)
    {
        GuardedBuffer buffer = new(length);
        new RandomSource(seed).FillNormal(buffer.Span, mean, deviation);
        return buffer;
    }

    public static GuardedBuffer Uniform(int length, ulong seed, float low, float high)
    {
        GuardedBuffer buffer = new(length);
        new RandomSource(seed).FillUniform(buffer.Span, low, high);
        return buffer;
    }

    /// <summary>Fails when a kernel wrote outside, and frees the memory.</summary>
    public void Dispose()
    {
        int broken = -1;
        for (int i = 0; i < GuardCount; i++)
        {
            if (_memory[i] != GuardBits || _memory[GuardCount + Length + i] != GuardBits)
            {
                broken = i;
            }
        }

        NativeMemory.Free(_memory);
        Assert.Equal(-1, broken);
    }
}
