using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Pondus.Kernels;

/// <summary>The process's threads for numeric work: they spin for a while after each job, then sleep.</summary>
/// <remarks>
/// <para>A job is a function pointer and a pointer to its state, so running one allocates nothing.</para>
/// <para>Chunks are handed out dynamically, which never changes a result as long as each chunk writes its own part.</para>
/// <para>The caller works too and waits only for chunks that a worker has begun, never for a worker to arrive:
/// on a busy machine a late worker costs nothing.</para>
/// </remarks>
internal static unsafe class Pool
{
    private const int MaxThreads = 64;
    private const int OpenBit = 1 << 8;
    private const int ActiveMask = OpenBit - 1;

    // Long enough to bridge the serial parts of a training step; a woken thread costs its waker some 10 us.
    private const long SpinMicroseconds = 200;
    private const long PoliteAfterMicroseconds = 40;

    private static readonly Lock s_startLock = new();
    private static readonly SemaphoreSlim[] s_wake = new SemaphoreSlim[MaxThreads];
    private static readonly Slot* s_slots = (Slot*)NativeMemory.AlignedAlloc((nuint)(MaxThreads * sizeof(Slot)), 128);
    private static Padded s_word;
    private static Padded s_busy;
    private static int s_threadCount = Math.Clamp(Environment.ProcessorCount, 1, MaxThreads);
    private static int s_started;
    private static delegate*<int, void*, void> s_job;
    private static void* s_state;
    private static int s_participants;

    /// <summary>How many threads share the work, the caller among them; at least 1.</summary>
    public static int ThreadCount
    {
        get => Volatile.Read(ref s_threadCount);
        set => Volatile.Write(ref s_threadCount, Math.Clamp(value, 1, MaxThreads));
    }

    /// <summary>Calls <paramref name="job"/> once for each chunk, on all threads, and returns when all are done.</summary>
    /// <remarks>
    /// Worker w begins with the w-th contiguous part of the chunks and then takes what others have left.
    /// A call from inside a job, or while another thread uses the pool, runs its chunks in place. Jobs must not throw.
    /// </remarks>
    /// <param name="job">Takes the chunk and <paramref name="state"/>.</param>
    /// <param name="state">Passed on; may lie on the caller's stack.</param>
    /// <param name="chunks">Number of chunks, chosen from the shape of the work and never from the thread count.</param>
    public static void Run(delegate*<int, void*, void> job, void* state, int chunks)
    {
        int participants = Math.Min(ThreadCount, chunks);
        if (participants <= 1 || Interlocked.CompareExchange(ref s_busy.Value, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                job(chunk, state);
            }

            return;
        }

        if (s_started < participants - 1)
        {
            Start(participants - 1);
        }

        RunShared(job, state, chunks, participants);
        Volatile.Write(ref s_busy.Value, 0);
    }

    /// <summary>Sees to it that a worker is awake to take a <see cref="BackgroundJob"/>.</summary>
    internal static void WakeOne()
    {
        if (s_started == 0)
        {
            Start(1);
        }

        if (Volatile.Read(ref s_slots[1].Sleeping) != 0 && Interlocked.Exchange(ref s_slots[1].Sleeping, 0) != 0)
        {
            s_wake[1].Release();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunShared(delegate*<int, void*, void> job, void* state, int chunks, int participants)
    {
        s_job = job;
        s_state = state;
        s_participants = participants;
        for (int w = 0; w < participants; w++)
        {
            s_slots[w].Next = (int)((long)w * chunks / participants);
            s_slots[w].End = (int)((long)(w + 1) * chunks / participants);
        }

        // The word holds a generation, the open bit and the number of workers inside. A worker enters by a
        // compare-exchange on it, so it never sees the fields of one job with the word of another.
        long word = ((s_word.Value >> 9) + 1) << 9 | OpenBit;
        Interlocked.Exchange(ref s_word.Value, word);
        for (int w = 1; w < participants; w++)
        {
            if (Volatile.Read(ref s_slots[w].Sleeping) != 0 && Interlocked.Exchange(ref s_slots[w].Sleeping, 0) != 0)
            {
                s_wake[w].Release();
            }
        }

        Work(0);
        Interlocked.And(ref s_word.Value, ~(long)OpenBit);
        int spins = 0;
        while ((Volatile.Read(ref s_word.Value) & ActiveMask) != 0)
        {
            Pause();
            if (++spins > 4000)
            {
                // The worker was descheduled inside a chunk: give it this core.
                Thread.Yield();
                spins = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Work(int worker)
    {
        int participants = s_participants;
        delegate*<int, void*, void> job = s_job;
        void* state = s_state;
        for (int i = 0; i < participants; i++)
        {
            int w = worker + i;
            Slot* slot = s_slots + (w >= participants ? w - participants : w);
            while (Volatile.Read(ref slot->Next) < slot->End)
            {
                int chunk = Interlocked.Increment(ref slot->Next) - 1;
                if (chunk >= slot->End)
                {
                    break;
                }

                job(chunk, state);
            }
        }
    }

    private static void Start(int workers)
    {
        lock (s_startLock)
        {
            while (s_started < workers)
            {
                int index = s_started + 1;
                s_wake[index] = new SemaphoreSlim(0);
                s_slots[index].Sleeping = 0;
                Thread thread = new(static o => Loop((int)o!)) { IsBackground = true, Name = $"Pondus worker {index}" };
                thread.Start(index);
                s_started = index;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop(int index)
    {
        long seen = 0;
        while (true)
        {
            long word = Await(index, seen);
            if (Interlocked.CompareExchange(ref s_word.Value, word + 1, word) != word)
            {
                continue;
            }

            seen = word >> 9;
            if (index < s_participants)
            {
                Work(index);
            }

            Interlocked.Decrement(ref s_word.Value);
        }
    }

    // Returns the word of an open job that this worker has not taken part in.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Await(int index, long seen)
    {
        long patience = SpinMicroseconds * Stopwatch.Frequency / 1_000_000, politeness = PoliteAfterMicroseconds * Stopwatch.Frequency / 1_000_000;
        long begin = Stopwatch.GetTimestamp(), generation = 0;
        int spins = 0;
        while (true)
        {
            long word = Volatile.Read(ref s_word.Value);
            if ((word & OpenBit) != 0 && word >> 9 != seen)
            {
                return word;
            }

            BackgroundJob.RunPosted();
            Pause();
            if ((++spins & 63) != 0)
            {
                continue;
            }

            long now = Stopwatch.GetTimestamp();
            if (word >> 9 != generation)
            {
                // Jobs come, even if the caller was through with them before this worker came: it must not doze off and miss more.
                generation = word >> 9;
                begin = now;
            }
            else if (now - begin > patience)
            {
                Sleep(index, seen);
                begin = Stopwatch.GetTimestamp();
            }
            else if (now - begin > politeness)
            {
                Thread.Yield();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }

    private static void Sleep(int index, long seen)
    {
        Interlocked.Exchange(ref s_slots[index].Sleeping, 1);
        long word = Volatile.Read(ref s_word.Value);
        bool open = ((word & OpenBit) != 0 && word >> 9 != seen) || BackgroundJob.IsPosted;
        if (open && Interlocked.Exchange(ref s_slots[index].Sleeping, 0) != 0)
        {
            return;
        }

        s_wake[index].Wait();
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Padded
    {
        [FieldOffset(128)]
        public long Value;
    }

    // One worker's part of the chunks, on cache lines of its own.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Slot
    {
        [FieldOffset(0)]
        public int Next;

        [FieldOffset(4)]
        public int End;

        [FieldOffset(128)]
        public int Sleeping;
    }
}
