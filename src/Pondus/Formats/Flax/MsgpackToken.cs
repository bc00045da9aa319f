namespace Pondus.Formats.Flax;

/// <summary>The head of a value: its kind and, as far as the kind has them, a number, a size and where its content begins.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Bytes of a text, of bytes or an extension; values of an array; pairs of a map.</param>
/// <param name="Number">A number that is whole, or 0 and 1 for false and true; above 2^63 - 1 as its negative twin.</param>
/// <param name="Real">A number that is not whole.</param>
/// <param name="Extension">The kind of an extension.</param>
/// <param name="Offset">Offset of the first byte of the content.</param>
internal readonly record struct MsgpackToken(MsgpackKind Kind, long Count, long Number, double Real, int Extension, long Offset);
