using System.Text.Json.Nodes;

namespace Pondus.Experiments.Settings;

/// <summary>What a setting may be: the one description from which it is read, checked, written and put into the schema.</summary>
/// <typeparam name="T">Type of the setting in C#.</typeparam>
internal abstract class Kind<T>
{
    /// <summary>Gets what messages say is expected, such as "a number above 0".</summary>
    public abstract string Expected { get; }

    /// <summary>Gets whether the setting has settings of its own, which an edit may reach.</summary>
    public virtual bool HasSettings => false;

    /// <summary>Says whether a value in C# is allowed; a default that is not allowed makes the setting a required one.</summary>
    public abstract bool Accepts(T value);

    /// <summary>Reads and checks a value.</summary>
    /// <exception cref="ExperimentException">It is of another type or out of range.</exception>
    public abstract T Read(JsonNode? node, SettingPath path);

    /// <summary>Writes a value: all of it, or (<paramref name="sparse"/>) without the settings that are at their defaults.</summary>
    public abstract JsonNode? Write(T value, bool sparse);

    /// <summary>Describes the kind in JSON Schema.</summary>
    public abstract JsonObject Describe(SchemaDefinitions definitions);
}
