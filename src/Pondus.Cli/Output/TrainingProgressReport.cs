namespace Pondus.Cli.Output;

/// <summary>How far a training is.</summary>
internal readonly record struct TrainingProgressReport
{
    /// <summary>Gets which of several trainings this is, such as <c>fold 3/25</c>, or null.</summary>
    public string? Part { get; init; }

    /// <summary>Gets the epoch under way or just ended, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the number of epochs, or 0 when steps end the training.</summary>
    public int Epochs { get; init; }

    /// <summary>Gets the steps done.</summary>
    public long Step { get; init; }

    /// <summary>Gets the number of steps, or 0 when it is not known.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the mean loss of an epoch at its end, that of a batch before.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets the loss of the validation part at the end of an epoch, else null.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Gets the first metric at the end of an epoch, of the validation part where there is one, else null.</summary>
    public (string Name, double Value)? Metric { get; init; }

    /// <summary>Gets the samples trained on per second.</summary>
    public double SamplesPerSecond { get; init; }
}
