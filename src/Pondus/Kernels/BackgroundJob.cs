using System.Runtime.CompilerServices;

namespace Pondus.Kernels;

/// <summary>Work that an idle worker of the pool does ahead of time, such as gathering the next batch.</summary>
/// <remarks>
/// <para>There is one place for a posted job in the process. A job that no worker has begun is done by whoever needs its result, so posting is never a promise and never a wait.</para>
/// <para>Waking a sleeping worker costs its waker some microseconds, so jobs shorter than that are better done at once. Posting allocates nothing.</para>
/// </remarks>
internal abstract class BackgroundJob
{
    private const int Idle = 0;
    private const int Posted = 1;
    private const int Running = 2;
    private const int Done = 3;

    private static BackgroundJob? s_posted;
    private int _state;

    /// <summary>Gets a value indicating whether a job waits for a worker.</summary>
    internal static bool IsPosted => Volatile.Read(ref s_posted) is not null;

    /// <summary>Offers the job to the workers.</summary>
    public void Post()
    {
        Volatile.Write(ref _state, Posted);
        if (Pool.ThreadCount > 1 && Interlocked.CompareExchange(ref s_posted, this, null) is null)
        {
            Pool.WakeOne();
        }
    }

    /// <summary>Returns when the job is done, doing it here if nobody has begun.</summary>
    public void Complete()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Posted) == Posted)
        {
            Interlocked.CompareExchange(ref s_posted, null, this);
            Execute();
        }
        else
        {
            SpinWait wait = default;
            while (Volatile.Read(ref _state) == Running)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        Volatile.Write(ref _state, Idle);
    }

    /// <summary>Called by idle workers: does the posted job, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void RunPosted()
    {
        if (Volatile.Read(ref s_posted) is { } job)
        {
            job.TryRun();
        }
    }

    /// <summary>Does the work; must not throw.</summary>
    protected abstract void Execute();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TryRun()
    {
        if (Interlocked.CompareExchange(ref s_posted, null, this) == this
            && Interlocked.CompareExchange(ref _state, Running, Posted) == Posted)
        {
            Execute();
            Volatile.Write(ref _state, Done);
        }
    }
}
