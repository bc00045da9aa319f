namespace Pondus;

/// <summary>A setting of an operator in a <see cref="GraphSketch"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A <see cref="long"/>, an array of them, a <see cref="float"/>, or a text.</param>
internal readonly record struct SketchAttribute(string Name, object Value);
