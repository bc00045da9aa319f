namespace Pondus.Formats.Hdf5;

/// <summary>The types of messages that are read.</summary>
internal static class Hdf5MessageType
{
    public const int Dataspace = 0x01;
    public const int LinkInfo = 0x02;
    public const int Datatype = 0x03;
    public const int OldFill = 0x04;
    public const int Fill = 0x05;
    public const int Link = 0x06;
    public const int ExternalFiles = 0x07;
    public const int Layout = 0x08;
    public const int Filters = 0x0b;
    public const int Attribute = 0x0c;
    public const int Continuation = 0x10;
    public const int SymbolTable = 0x11;
    public const int AttributeInfo = 0x15;
}
