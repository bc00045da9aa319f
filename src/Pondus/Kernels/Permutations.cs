using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Keyed random permutations of [0, count) whose every position can be computed on its own.</summary>
/// <remarks>
/// <para>Method: a position is a pair (left, right) below (a, b), where a b is barely above count; in turn each half is moved around its
/// circle by a keyed hash of the other, a Feistel network by addition. A value outside the range is put through again until it falls inside,
/// which is rare since a b - count is below a.</para>
/// <para>Source: Luby and Rackoff 1988, "How to construct pseudorandom permutations from pseudorandom functions"; Black and Rogaway 2002,
/// "Ciphers with arbitrary finite domains", for the two circles and for walking the cycle.</para>
/// </remarks>
internal static unsafe class Permutations
{
    private const int Rounds = 8;

    /// <summary>destination[i] = the permutation's value at start + i.</summary>
    public static void Fill(ulong key, int count, int start, Span<int> destination)
    {
        if (start < 0 || (long)start + destination.Length > count)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Permutations: expected positions within [0, {count}), got {start} to {(long)start + destination.Length}.");
        }

        if (destination.IsEmpty)
        {
            return;
        }

        fixed (int* to = destination)
        {
            int a = (int)Math.Ceiling(Math.Sqrt(count));
            Kernel kernel = new() { Destination = to, Count = count, Start = start, A = a, B = (int)(((long)count + a - 1) / a) };
            Philox.Block(key, 0, new Span<uint>(kernel.Keys, 4));
            Philox.Block(key, 1, new Span<uint>(kernel.Keys + 4, 4));
            Launch.Range(kernel, destination.Length);
        }
    }

    private struct Kernel : IRangeKernel
    {
        public fixed uint Keys[Rounds];
        public int* Destination;
        public int Count;
        public int Start;
        public int A;
        public int B;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TV>(nint begin, nint end)
            where TV : struct, IVector<TV>
        {
            int* to = Destination;
            nint i = begin;
            if (B > TV.Count)
            {
                TV b = TV.CreateBits(B), minusB = TV.CreateBits(-B), minusCount = TV.CreateBits(-Count), lanes = TV.LaneIndices();
                for (; i <= end - TV.Count; i += TV.Count)
                {
                    // One division; lanes that pass the end of the circle carry one into the left half.
                    uint position = (uint)Start + (uint)i, quotient = position / (uint)B;
                    TV right = TV.AddBits(TV.CreateBits((int)(position - (quotient * (uint)B))), lanes);
                    TV wrapped = TV.AddBits(right, minusB), below = TV.ShiftRight(wrapped, 31);
                    right = TV.AddBits(wrapped, below & b);
                    TV left = TV.AddBits(TV.CreateBits((int)quotient + 1), below);
                    Network(ref left, ref right);
                    TV value = TV.AddBits(TV.MultiplyBits(left, b), right);
                    TV.Store((float*)(to + i), value);

                    // The sign of value - count tells which lanes are inside; a b stays below 2^31 + 2^16, so the sign of the value itself counts too.
                    TV outside = TV.ShiftRight(TV.AddBits(value, minusCount) ^ TV.CreateBits(-1), 31) | TV.ShiftRight(value, 31);
                    if (TV.Any(outside))
                    {
                        Walk(to + i, TV.Count);
                    }
                }
            }

            for (; i < end; i++)
            {
                to[i] = Start + (int)i;
                Again(to + i);
                Walk(to + i, 1);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private void Walk(int* values, int n)
        {
            for (int i = 0; i < n; i++)
            {
                while ((uint)values[i] >= (uint)Count)
                {
                    Again(values + i);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Again(int* value)
        {
            uint v = (uint)*value, quotient = v / (uint)B;
            V1 left = V1.CreateBits((int)quotient), right = V1.CreateBits((int)(v - (quotient * (uint)B)));
            Network(ref left, ref right);
            V1.Store((float*)value, V1.AddBits(V1.MultiplyBits(left, V1.CreateBits(B)), right));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Network<TV>(ref TV left, ref TV right)
            where TV : struct, IVector<TV>
        {
            TV a = TV.CreateBits(A), b = TV.CreateBits(B), minusA = TV.CreateBits(-A), minusB = TV.CreateBits(-B);
            for (int round = 0; round < Rounds; round += 2)
            {
                left = Turn(left, right, Keys[round], a, minusA);
                right = Turn(right, left, Keys[round + 1], b, minusB);
            }
        }

        // (x + hash(y)) mod size, where the hash is the high half of a 16-bit number times the size.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TV Turn<TV>(TV x, TV y, uint key, TV size, TV minusSize)
            where TV : struct, IVector<TV>
        {
            TV hash = TV.MultiplyBits(y ^ TV.CreateBits((int)key), TV.CreateBits(unchecked((int)0x9E3779B1)));
            hash = TV.MultiplyBits(hash ^ TV.ShiftRightLogical(hash, 15), TV.CreateBits(unchecked((int)0x85EBCA77)));
            TV step = TV.ShiftRightLogical(TV.MultiplyBits(TV.ShiftRightLogical(hash, 16), size), 16);
            TV moved = TV.AddBits(TV.AddBits(x, step), minusSize);
            return TV.AddBits(moved, TV.ShiftRight(moved, 31) & size);
        }
    }
}
