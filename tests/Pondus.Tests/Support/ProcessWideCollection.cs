using Xunit;

namespace Pondus.Tests.Support;

/// <summary>Tests that read or set what the whole process shares (memory counters, the pool's threads): they run one at a time, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "process-wide";
}
