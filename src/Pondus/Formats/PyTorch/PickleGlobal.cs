namespace Pondus.Formats.PyTorch;

/// <summary>A name of a class or function that a pickle asks for.</summary>
/// <param name="Name">Module and name, as <c>collections.OrderedDict</c>.</param>
/// <param name="Verdict">What it would do in a loader that runs pickles.</param>
/// <param name="Offset">Offset in the file where it is asked for the first time.</param>
public sealed record PickleGlobal(string Name, PickleVerdict Verdict, long Offset);
