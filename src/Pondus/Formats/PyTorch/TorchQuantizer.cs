namespace Pondus.Formats.PyTorch;

/// <summary>How integers stand for real values: value = scale * (integer - zero point), for the whole tensor or along an axis.</summary>
internal sealed record TorchQuantizer(string Scheme, object? Scale, object? ZeroPoint, long? Axis);
