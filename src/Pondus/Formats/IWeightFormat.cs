namespace Pondus.Formats;

/// <summary>A format of weights files: how to recognize, open and, where that makes sense, write it.</summary>
/// <remarks>A format of your own is one class with this interface, given to <see cref="WeightFormats.Add"/>.</remarks>
public interface IWeightFormat
{
    /// <summary>Gets the name, in lower case, such as <c>safetensors</c>.</summary>
    string Name { get; }

    /// <summary>Gets the endings of file names that ask for this format in writing, such as <c>.safetensors</c>.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Gets whether files of this format can be written.</summary>
    bool CanWrite { get; }

    /// <summary>Gets whether files of this format have a place for metadata.</summary>
    bool HoldsMetadata => true;

    /// <summary>Says whether content is of this format.</summary>
    /// <param name="probe">The beginning of the file and what is around it.</param>
    /// <returns>True when <see cref="Open"/> is the right reader, even if the file turns out to be damaged.</returns>
    bool Matches(WeightProbe probe);

    /// <summary>Opens a file and checks its table of tensors.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file.</returns>
    WeightFile Open(string path);

    /// <summary>Says whether the format can hold an element type as it is.</summary>
    /// <param name="dataType">The type, such as <c>bfloat16</c>.</param>
    /// <returns>True if so.</returns>
    bool Holds(string dataType);

    /// <summary>Writes tensors to a file in one step: an existing file is replaced whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing; every type must be one that the format holds.</param>
    /// <param name="metadata">Texts to keep with them; a format without metadata leaves them out.</param>
    /// <exception cref="NotSupportedException">The format is only read.</exception>
    void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Writes tensors to a file and keeps of the file they come from what texts cannot: the types of its metadata.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="entries">The tensors, no two of one name, read while writing; every type must be one that the format holds.</param>
    /// <param name="metadata">Texts to keep with them; those that equal a text of the source's metadata stand for the value behind it.</param>
    /// <param name="source">The file that the metadata come from, or null.</param>
    /// <exception cref="NotSupportedException">The format is only read.</exception>
    void Save(string path, IReadOnlyList<WeightEntry> entries, IReadOnlyDictionary<string, string> metadata, WeightFile? source) => Save(path, entries, metadata);
}
