namespace Pondus.Formats.PyTorch;

/// <summary>A value that is known by its text alone: a layout, a device, a date, a path.</summary>
internal sealed record PickleSymbol(string Text);
