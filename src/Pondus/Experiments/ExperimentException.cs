namespace Pondus.Experiments;

/// <summary>An experiment file, or an edit of one, that cannot be used: one line with the setting, what was expected, what was found and the cure.</summary>
public sealed class ExperimentException : Exception
{
    /// <summary>Makes an exception about one setting.</summary>
    /// <param name="setting">Path to the setting, such as <c>optimizer.learningRate</c>.</param>
    /// <param name="problem">What was expected and what was found; one line.</param>
    public ExperimentException(string setting, string problem)
        : base($"{setting}: {problem}")
    {
        Setting = setting;
    }

    private ExperimentException(string file, ExperimentException inner)
        : base($"{file}: {inner.Message}", inner)
    {
        Setting = inner.Setting;
    }

    /// <summary>Makes the exception for a value that does not fit.</summary>
    /// <param name="setting">Path of the setting.</param>
    /// <param name="expected">What would fit.</param>
    /// <param name="got">What was found.</param>
    public ExperimentException(string setting, string expected, string got)
        : this(setting, $"expected {expected}, got {got}.")
    {
    }

    /// <summary>Gets the path to the setting, or the name of the file when the file as a whole is at fault.</summary>
    public string Setting { get; }

    /// <summary>Says in which file the setting stands.</summary>
    /// <param name="file">Path of the file.</param>
    /// <returns>The same problem, its message led by the file.</returns>
    internal ExperimentException In(string file) => new(file, this);
}
