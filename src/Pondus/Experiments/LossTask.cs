namespace Pondus.Experiments;

/// <summary>What a loss learns from.</summary>
internal enum LossTask
{
    /// <summary>Class numbers, one output for each class.</summary>
    Classes,

    /// <summary>Two classes as the numbers 0 and 1, one output.</summary>
    YesOrNo,

    /// <summary>Two classes as the numbers -1 and 1, one output.</summary>
    Signs,

    /// <summary>Numbers.</summary>
    Numbers,
}
