namespace Pondus.Formats.Flax;

/// <summary>The kinds of values of MessagePack.</summary>
internal enum MsgpackKind
{
    Nil,
    Truth,
    Signed,
    Unsigned,
    Real,
    Text,
    Bytes,
    Array,
    Map,
    Extension,
}
