namespace Pondus;

/// <summary>One row of a <see cref="ModuleSummary"/>.</summary>
/// <param name="Name">Full name of the module, empty for the outermost.</param>
/// <param name="Layer">The layer as it prints itself.</param>
/// <param name="Parameters">Numbers in its own parameters.</param>
public sealed record ModuleSummaryRow(string Name, string Layer, long Parameters);
