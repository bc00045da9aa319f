namespace Pondus.Formats.PyTorch;

/// <summary>An object of a class that is not built here: what it would have been built from, as data.</summary>
internal sealed class PickleObject(PickleGlobal type, object? arguments)
{
    public PickleGlobal Type { get; } = type;

    public object? Arguments { get; } = arguments;

    /// <summary>What BUILD gave: most often a dictionary of its fields.</summary>
    public object? State { get; set; }

    /// <summary>Elements of a class derived from list or set.</summary>
    public List<object?>? Items { get; set; }

    /// <summary>Elements of a class derived from dict.</summary>
    public PickleMap? Map { get; set; }

    /// <summary>Gives the fields, wherever a class keeps them; a state may be a pair of fields and slots.</summary>
    public PickleMap? Fields => State as PickleMap ?? (State is PickleSequence { Items: [PickleMap fields, ..] } ? fields : null);

    public object? Field(string name) => Fields?.Get(name);
}
