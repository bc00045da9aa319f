using System.Runtime.InteropServices;
using Pondus.Kernels;

namespace Pondus.Metrics;

/// <summary>Share of samples whose largest output is at their class.</summary>
/// <remarks>Range: [0, 1]. Labels of -100 are not counted. With target values instead of classes, an output above 0 (a logit) answers yes and a target above 0.5 is one.</remarks>
public sealed unsafe class Accuracy() : Metric(sumCount: 2)
{
    private const int IgnoredLabel = -100;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override double Value => Sums[1] == 0 ? double.NaN : Sums[0] / Sums[1];

    /// <inheritdoc/>
    public override void Add(Tensor prediction, ReadOnlySpan<int> labels, Tensor targets)
    {
        Node x = prediction.Use();
        if (labels.IsEmpty && targets.IsAlive)
        {
            ReadOnlySpan<float> wanted = targets.Values;
            if (wanted.Length != x.Count)
            {
                throw new ShapeException($"Accuracy: expected prediction and target of one size, got {x.Shape} and {targets.Shape}.");
            }

            for (int i = 0; i < wanted.Length; i++)
            {
                Sums[0] += x.Data[i] > 0f == wanted[i] > 0.5f ? 1 : 0;
            }

            Sums[1] += wanted.Length;
            GC.KeepAlive(x);
            return;
        }

        if (labels.Length * x.Shape.Last != x.Count)
        {
            throw new ShapeException($"Accuracy: expected one label for each row of {x.Shape}, got {labels.Length}.");
        }

        fixed (int* wanted = &MemoryMarshal.GetReference(labels))
        {
            Sums[0] += CrossEntropyKernel.CountCorrect(x.Data, wanted, labels.Length, x.Shape.Last);
        }

        Sums[1] += labels.Length - labels.Count(IgnoredLabel);
        GC.KeepAlive(x);
    }
}
