namespace Pondus.Kernels;

/// <summary>Keyed random permutations whose every position can be computed on its own.</summary>
internal static unsafe class Permutations
{
    private const int Rounds = 8;

    public static void Fill(ulong key, int count, int start, Span<int> destination)
    {
        int bits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Max(count - 1, 0)), low = (bits + 1) / 2;
        uint lowMask = (1u << low) - 1, highMask = (1u << (bits - low)) - 1;
        uint* keys = stackalloc uint[Rounds];
        Philox.Block(key, 0, new Span<uint>(keys, 4));
        Philox.Block(key, 1, new Span<uint>(keys + 4, 4));
        for (int i = 0; i < destination.Length; i++)
        {
            uint value = (uint)(start + i);
            do
            {
                uint left = value >> low, right = value & lowMask;
                for (int round = 0; round < Rounds; round += 2)
                {
                    left ^= Mix(right, keys[round]) & highMask;
                    right ^= Mix(left, keys[round + 1]) & lowMask;
                }

                value = (left << low) | right;
            }
            while (value >= (uint)count);

            destination[i] = (int)value;
        }
    }

    private static uint Mix(uint x, uint key)
    {
        x = (x ^ key) * 0x9E3779B1;
        x ^= x >> 15;
        x *= 0x85EBCA77;
        return x ^ (x >> 13);
    }
}
