namespace Pondus.Formats.Hdf5;

/// <summary>One message of an object header.</summary>
/// <param name="Type">Its type, see <see cref="Hdf5MessageType"/>.</param>
/// <param name="Data">Its content.</param>
/// <param name="Address">The address of its content.</param>
internal readonly record struct Hdf5Message(int Type, ReadOnlyMemory<byte> Data, long Address)
{
    /// <summary>Begins to read the content.</summary>
    public Hdf5Cursor Open(Hdf5Source source, string what) => new(source, Data.Span, Address, what);
}
