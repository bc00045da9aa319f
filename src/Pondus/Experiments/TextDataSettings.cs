using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>A text, cut into windows of characters; each character's successor is learned.</summary>
/// <remarks>
/// <para>The parts of a split are stretches of the text, in its order: training, validation, test. A part from 1 counts windows.</para>
/// </remarks>
public sealed record TextDataSettings : DataSettings
{
    /// <inheritdoc/>
    public override string Source => "text";

    /// <summary>Gets the file, or the folder whose files end in <c>.txt</c>; null takes the license texts that Debian brings.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the number of characters of a window.</summary>
    public int Context { get; init; } = 64;

    /// <summary>Gets the most characters that are told apart, or null for all; the rarest share one token.</summary>
    public int? Vocabulary { get; init; }

    internal override DataSettings VisitSource(Fields f)
    {
        TextDataSettings visited = this with
        {
            Path = f.Get("path", Path, Kinds.Optional(Kinds.Path("a text file, or a folder of them")), "Text file, or a folder of .txt files; null takes the license texts that Debian brings."),
            Context = f.Get("context", Context, Kinds.Integer(1, 1 << 20), "Characters of a window."),
            Vocabulary = f.Get("vocabulary", Vocabulary, Kinds.OptionalValue(Kinds.Integer(2)), "Most characters that are told apart; the rarest share one token. Null keeps all."),
        };
        return visited;
    }
}
