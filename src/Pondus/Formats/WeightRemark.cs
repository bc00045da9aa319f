namespace Pondus.Formats;

/// <summary>Something in a weights file that is not among its tensors, or not as its owner may think: left out, refused, renamed.</summary>
/// <param name="Kind">What sort of remark it is.</param>
/// <param name="Subject">What it is about: a name in the file, a class, a member of an archive.</param>
/// <param name="Message">One sentence: what was found and what was done with it.</param>
public sealed record WeightRemark(WeightRemarkKind Kind, string Subject, string Message);
