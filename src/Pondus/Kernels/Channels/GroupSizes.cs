namespace Pondus.Kernels;

/// <summary>Sizes of a group normalization.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="Places">Places of a sample: height times width.</param>
/// <param name="Channels">Channels of a place.</param>
/// <param name="Groups">Groups of channels; divides their number.</param>
internal readonly record struct GroupSizes(nint Batch, nint Places, nint Channels, nint Groups);
