namespace Pondus.Weights;

/// <summary>Something that <see cref="Inspection"/> found in a file of weights.</summary>
/// <param name="Id">The kind, such as <c>non-finite</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Tensors">Names of the tensors that it is about, in the file's order; none when it is about the file.</param>
/// <param name="Message">One sentence: what was found, and what that means.</param>
public sealed record InspectionFinding(string Id, InspectionSeverity Severity, IReadOnlyList<string> Tensors, string Message);
