namespace Pondus.Formats.Hdf5;

/// <summary>An object that was written: its header, and for a group its tree and heap of names.</summary>
/// <param name="Header">Address of the header.</param>
/// <param name="Tree">Address of the tree; -1 for a data set.</param>
/// <param name="Heap">Address of the heap of names.</param>
internal readonly record struct Hdf5Symbol(long Header, long Tree = -1, long Heap = -1)
{
    /// <summary>Bytes of an entry.</summary>
    public const int EntryBytes = 40;

    /// <summary>Writes the entry of a table.</summary>
    public void Write(Hdf5Block block, long nameOffset)
    {
        bool isGroup = Tree >= 0;
        block.Word(nameOffset).Word(Header).U32(isGroup ? 1u : 0u).U32(0);
        block.Word(isGroup ? Tree : 0).Word(isGroup ? Heap : 0);
    }
}
