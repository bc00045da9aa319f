namespace Pondus.Formats.PyTorch;

/// <summary>What a name that a pickle asks for would do in a loader that runs pickles. Pondus runs none of them.</summary>
public enum PickleVerdict
{
    /// <summary>It makes plain data: numbers, texts, containers, tensors.</summary>
    Harmless,

    /// <summary>A class or function whose code is not known here; a loader would run it.</summary>
    Unknown,

    /// <summary>It runs programs or code, opens files or connections, or is a way to reach what does.</summary>
    Dangerous,
}
