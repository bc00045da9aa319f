using Pondus.Kernels;

namespace Pondus.Tests.Support;

/// <summary>Sets the number of the pool's threads until it is disposed.</summary>
internal sealed class PoolThreads : IDisposable
{
    private readonly int _before = Pool.ThreadCount;

    public PoolThreads(int count) => Pool.ThreadCount = count;

    public void Dispose() => Pool.ThreadCount = _before;
}
