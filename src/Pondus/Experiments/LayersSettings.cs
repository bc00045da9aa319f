namespace Pondus.Experiments;

/// <summary>A network as a list of layers; it becomes a <c>Sequential</c>.</summary>
/// <param name="Layers">The layers, first to last.</param>
public sealed record LayersSettings(IReadOnlyList<LayerSettings> Layers) : ModelSettings;
