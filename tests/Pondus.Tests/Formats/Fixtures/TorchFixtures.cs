using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>PyTorch's files: the only tensor of a file has no name there.</summary>
internal sealed class TorchFixtures : FixtureRules
{
    public override string Name(Fixture fixture, string name) => name.Length == 0 ? "tensor" : name;

    // Beside the weights: an exported program's constants, how integers stand for real values, the rows of a nested tensor.
    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => fixture.File switch
    {
        "exported.pt2" => entry.Name is "constants.constant" or "constants.scratch",
        "quantized.pt" => entry.Name is "per_channel.scales" or "per_channel.zero_points",
        "nested_tensor.pt" => entry.ToString() is "nt[0] float32 (2, 3)" or "nt[1] float32 (1, 3)",
        _ => false,
    };

    public override string Cause(Fixture fixture) => fixture.File switch
    {
        "tensor_subclass.pt" => "pondus_net.Tagged",
        "whole_module.pt" => "pondus_net.Net",
        "whole_module_sequential.pt" => "torch.nn.modules.container.Sequential",
        _ => "",
    };
}
