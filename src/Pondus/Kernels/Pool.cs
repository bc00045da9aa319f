namespace Pondus.Kernels;

/// <summary>Runs the chunks of a job one after another.</summary>
internal static unsafe class Pool
{
    /// <summary>Gets or sets how many threads share a job.</summary>
    public static int ThreadCount { get; set; } = 1;

    /// <summary>Calls the job once for each chunk.</summary>
    public static void Run(delegate*<int, void*, void> job, void* state, int chunks)
    {
        for (int c = 0; c < chunks; c++)
        {
            job(c, state);
        }
    }
}
