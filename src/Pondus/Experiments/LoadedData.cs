using Pondus.Data;

namespace Pondus.Experiments;

/// <summary>Samples as an experiment's source gives them, before they are divided.</summary>
/// <param name="All">Samples to divide.</param>
/// <param name="Test">The source's own test part, or null.</param>
/// <param name="ClassNames">Names of the classes, also where a yes-or-no loss learns them as the numbers 0 and 1; empty for numbers.</param>
internal sealed record LoadedData(Dataset All, Dataset? Test, IReadOnlyList<string> ClassNames);
