namespace Pondus.Formats.Onnx;

/// <summary>One use of an operator.</summary>
public sealed record OnnxNode
{
    /// <summary>Gets the name, often empty.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Gets the operator, such as <c>Conv</c>.</summary>
    public required string OpType { get; init; }

    /// <summary>Gets the operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = string.Empty;

    /// <summary>Gets which variant of a function is meant; nearly always empty.</summary>
    public string Overload { get; init; } = string.Empty;

    /// <summary>Gets the names of the inputs; an empty one stands for an input that is left out.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the names of the outputs; an empty one is not wanted.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Gets the settings.</summary>
    public IReadOnlyList<OnnxAttribute> Attributes { get; init; } = [];

    /// <summary>Finds a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The setting, or null.</returns>
    public OnnxAttribute? Find(string name)
    {
        foreach (OnnxAttribute attribute in Attributes)
        {
            if (string.Equals(attribute.Name, name, StringComparison.Ordinal))
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>Prints the operator with its domain and the node's name, as errors show it.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string type = Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";
        string name = Name.Length > 0 ? Name : Outputs.FirstOrDefault(static output => output.Length > 0) ?? string.Empty;
        return name.Length == 0 ? type : $"{type} '{name}'";
    }
}
