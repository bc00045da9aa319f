using Pondus.Formats;
using Pondus.Kernels;

namespace Pondus.Weights;

/// <summary>Reads every tensor once and feeds statistics and hashes, on all threads, in a few fixed buffers.</summary>
/// <remarks>
/// A chunk passes three stations. Reading: in order within a tensor, one chunk at a time, since a compressed stream goes only
/// forward. Statistics: in any order. Finishing, which joins statistics and hashes: in order. A thread that looks for work
/// finishes before it reads, so buffers come back; a tensor that is ahead of its hash lets others begin, so hashes of several
/// tensors run at once, and the hash of a single large one never waits for reading.
/// </remarks>
internal sealed class InspectionPass : IDisposable
{
    private const int AheadChunks = 2;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Queue<InspectionJob> _waiting;
    private readonly List<InspectionJob> _open = [];
    private readonly Stack<InspectionBuffer> _free = new();
    private readonly CancellationToken _cancellation;
    private readonly IProgress<WeightProgress>? _progress;
    private readonly int _threads;
    private readonly long _totalBytes;
    private int _sleeping;
    private long _doneBytes;
    private Exception? _failure;

    private InspectionPass(IEnumerable<InspectionJob> jobs, int threads, IProgress<WeightProgress>? progress, CancellationToken cancellation)
    {
        // The largest first: a large one at the end would be hashed by one thread while the others have nothing to do.
        _waiting = new Queue<InspectionJob>(jobs.Where(static job => !job.IsDone).OrderByDescending(static job => job.Entry.ByteCount));
        _totalBytes = _waiting.Sum(static job => job.Entry.ByteCount);
        _threads = threads;
        _progress = progress;
        _cancellation = cancellation;
        for (int i = 0; i < (4 * threads) + 4; i++)
        {
            _free.Push(new InspectionBuffer());
        }
    }

    /// <summary>Does all jobs.</summary>
    public static void Run(IReadOnlyList<InspectionJob> jobs, int threads, IProgress<WeightProgress>? progress, CancellationToken cancellation)
    {
        threads = threads > 0 ? threads : Pool.ThreadCount;
        using InspectionPass pass = new(jobs, threads, progress, cancellation);
        Task[] workers = [.. Enumerable.Range(1, threads - 1).Select(_ => Task.Factory.StartNew(pass.Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        pass.Work();
        Task.WaitAll(workers, CancellationToken.None);
        foreach (InspectionJob empty in jobs.Where(static job => job.Entry.ByteCount == 0))
        {
            empty.Close();
        }

        cancellation.ThrowIfCancellationRequested();
        if (pass._failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(pass._failure);
        }
    }

    public void Dispose() => _changed.Dispose();

    private void Work()
    {
        InspectionScratch scratch = new();
        while (Take(out InspectionJob? job, out InspectionBuffer? buffer))
        {
            try
            {
                if (buffer is null)
                {
                    Finish(job!);
                }
                else
                {
                    ReadAndLook(job!, buffer, scratch);
                }
            }
#pragma warning disable CA1031 // Any failure must end the other threads too; it is thrown again when they have ended.
            catch (Exception error)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    _failure ??= error;
                    Wake();
                }
            }
        }
    }

    /// <summary>Waits for something to do: a job alone is to be finished, one with a buffer to be read.</summary>
    private bool Take(out InspectionJob? job, out InspectionBuffer? buffer)
    {
        buffer = null;
        while (true)
        {
            lock (_gate)
            {
                job = null;
                if (_failure is not null || _cancellation.IsCancellationRequested || (_open.Count == 0 && _waiting.Count == 0))
                {
                    Wake();
                    return false;
                }

                job = _open.Find(static open => open.CanFinish);
                if (job is not null)
                {
                    job.IsFinishing = true;
                    return true;
                }

                job = _free.Count > 0 ? ToRead() : null;
                if (job is not null)
                {
                    buffer = _free.Pop();
                    job.IsReading = true;
                    buffer.Index = job.Read++;
                    return true;
                }

                _sleeping++;
            }

            _changed.Wait(CancellationToken.None);
        }
    }

    private InspectionJob? ToRead()
    {
        InspectionJob? least = null;
        foreach (InspectionJob job in _open)
        {
            if (job.CanRead && (least is null || job.Ahead < least.Ahead))
            {
                least = job;
            }
        }

        if ((least is null || (least.Ahead >= AheadChunks && _open.Count < 2 * _threads)) && _waiting.TryDequeue(out InspectionJob? next))
        {
            _open.Add(next);
            return next;
        }

        return least;
    }

    private void ReadAndLook(InspectionJob job, InspectionBuffer buffer, InspectionScratch scratch)
    {
        bool isRead = job.TryRead(buffer);
        lock (_gate)
        {
            job.IsReading = false;
            Wake();
        }

        if (isRead)
        {
            job.Look(buffer, scratch);
        }

        lock (_gate)
        {
            job.Ready.Enqueue(buffer, buffer.Index);
            Wake();
        }
    }

    private void Finish(InspectionJob job)
    {
        while (true)
        {
            InspectionBuffer? buffer;
            lock (_gate)
            {
                buffer = job.NextReady();
                if (buffer is null)
                {
                    job.IsFinishing = false;
                    if (job.IsDone)
                    {
                        _open.Remove(job);
                        job.Close();
                    }

                    Wake();
                    return;
                }
            }

            job.Finish(buffer);
            long done;
            lock (_gate)
            {
                job.Finished++;
                done = _doneBytes += buffer.Chunk.Bytes;
                _free.Push(buffer);
                Wake();
            }

            _progress?.Report(new WeightProgress("reading", done, _totalBytes));
        }
    }

    private void Wake()
    {
        if (_sleeping > 0)
        {
            _changed.Release(_sleeping);
            _sleeping = 0;
        }
    }
}
