namespace Pondus.Tests.Support;

/// <summary>A format of weights files and what it need not be able to do.</summary>
/// <param name="Name">Its name in <c>WeightFormats</c>.</param>
public sealed record FormatCase(string Name)
{
    /// <summary>Files below the folder of test data that are mutated too; absent ones are passed over.</summary>
    public string[] Files { get; init; } = [];

    /// <summary>Whether a file holds one tensor, whose name is lost.</summary>
    public bool IsSingle { get; init; }

    /// <summary>How a name must look to be written, with <c>{0}</c> for any text.</summary>
    public string NamePattern { get; init; } = "{0}";

    /// <summary>Whether single numbers without sizes can be written.</summary>
    public bool HoldsScalars { get; init; } = true;

    /// <summary>Whether tensors without elements can be written.</summary>
    public bool HoldsEmpty { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
