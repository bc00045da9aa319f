using Pondus.Kernels;
using Xunit;

namespace Pondus.Tests.Kernels;

[Collection("Pool")]
public sealed unsafe class PoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_AnyNumberOfChunks_RunsEachOnce(int threads)
    {
        using ThreadCountScope scope = new(threads);
        foreach (int chunks in new[] { 0, 1, 2, 3, 4, 5, 7, 64, 1000 })
        {
            int[] counts = GC.AllocateArray<int>(chunks + 1, pinned: true);
            for (int repeat = 0; repeat < 50; repeat++)
            {
                fixed (int* p = counts)
                {
                    Pool.Run(&Count, p, chunks);
                }
            }

            Assert.Equal([.. Enumerable.Repeat(50, chunks), 0], counts);
        }
    }

    [Fact]
    public void Run_ManyShortJobs_NeverMixesTheirStates()
    {
        using ThreadCountScope scope = new(4);
        long* state = stackalloc long[2];
        for (int job = 0; job < 20_000; job++)
        {
            state[0] = job;
            state[1] = 0;
            Pool.Run(&Add, state, 5);

            // Five chunks add job + 0 .. job + 4.
            Assert.Equal((5L * job) + 10, state[1]);
        }
    }

    [Fact]
    public void Run_AfterTheWorkersSlept_StillRunsEveryChunk()
    {
        using ThreadCountScope scope = new(2);
        long* state = stackalloc long[2];
        for (int job = 0; job < 20; job++)
        {
            Thread.Sleep(2);
            state[0] = job;
            state[1] = 0;
            Pool.Run(&Add, state, 5);
            Assert.Equal((5L * job) + 10, state[1]);
        }
    }

    [Fact]
    public void Run_FromInsideAJob_RunsInPlace()
    {
        using ThreadCountScope scope = new(2);
        long* state = stackalloc long[2];
        state[0] = 0;
        state[1] = 0;
        Pool.Run(&Nest, state, 6);

        // Six outer chunks, each with inner chunks 0 + 1 + 2 + 3 + 4.
        Assert.Equal(60, state[1]);
    }

    [Fact]
    public void Run_FromManyThreads_CompletesEachCall()
    {
        using ThreadCountScope scope = new(2);
        long[] sums = new long[4];
        Thread[] threads = new Thread[sums.Length];
        for (int t = 0; t < threads.Length; t++)
        {
            int index = t;
            threads[t] = new Thread(() => sums[index] = SumOfManyJobs());
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        // 2,000 jobs of 0 + 1 + 2 + 3 + 4.
        Assert.Equal([20_000L, 20_000L, 20_000L, 20_000L], sums);
    }

    [Fact]
    public void Run_Steady_AllocatesNothing()
    {
        using ThreadCountScope scope = new(2);
        long* state = stackalloc long[2];
        state[0] = 0;
        Pool.Run(&Add, state, 4);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int job = 0; job < 1000; job++)
        {
            Pool.Run(&Add, state, 4);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void ThreadCount_BelowOne_IsOne()
    {
        using ThreadCountScope scope = new(0);
        Assert.Equal(1, Pool.ThreadCount);
    }

    private static long SumOfManyJobs()
    {
        long* state = stackalloc long[2];
        state[0] = 0;
        state[1] = 0;
        for (int job = 0; job < 2000; job++)
        {
            Pool.Run(&Add, state, 5);
        }

        return state[1];
    }

    private static void Count(int chunk, void* state) => Interlocked.Increment(ref ((int*)state)[chunk]);

    private static void Add(int chunk, void* state) => Interlocked.Add(ref ((long*)state)[1], ((long*)state)[0] + chunk);

    private static void Nest(int chunk, void* state) => Pool.Run(&Add, state, 5);

    private readonly struct ThreadCountScope : IDisposable
    {
        private readonly int _before;

        public ThreadCountScope(int threads)
        {
            _before = Pool.ThreadCount;
            Pool.ThreadCount = threads;
        }

        public void Dispose() => Pool.ThreadCount = _before;
    }
}
