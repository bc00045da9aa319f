using Pondus.Formats;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>ONNX files: their lists have the initializers, a reader also gives the tensors of Constant nodes.</summary>
internal sealed class OnnxFixtures : FixtureRules
{
    public override bool AllowsExtra(Fixture fixture, WeightEntry entry) => true;
}
