using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>The network: a list of layers, or a network by its name.</summary>
public abstract record ModelSettings
{
    private protected ModelSettings()
    {
    }

    internal static Kind<ModelSettings> Kind { get; } = new ModelKind();
}
