using Pondus.Formats;

namespace Pondus.Tests.WeightFiles;

/// <summary>Tensors in memory that look like a file.</summary>
internal sealed class MemoryWeightFile : WeightFile
{
    public MemoryWeightFile(params IReadOnlyList<WeightEntry> entries)
        : base("memory")
    {
        Entries = entries;
    }

    public override string Format => "memory";

    public IReadOnlyDictionary<string, string> Texts
    {
        init => Metadata = value;
    }

    public IReadOnlyList<WeightRemark> Said
    {
        init => Remarks = value;
    }

    protected override void Dispose(bool disposing)
    {
    }
}
