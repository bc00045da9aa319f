using System.Globalization;

namespace Pondus.Formats.PyTorch;

/// <summary>Walks what a pickle describes and gives every tensor in it a name, every number and text a line of metadata, every unknown class a remark.</summary>
/// <remarks>
/// Names: keys of dictionaries and fields of objects are joined by dots, places in lists are <c>[i]</c>, a single tensor is <c>tensor</c>.
/// The tensors of a module have the names that its <c>state_dict()</c> gives.
/// </remarks>
internal sealed class TorchTree(TorchEntries entries)
{
    private const int DeepestNesting = 200;
    private const int LongestName = 4096;
    private const int MostListed = 64;

    // Steps and letters of names together: shared containers are spelled out wherever they appear, which can grow beyond bounds.
    private const long MostWork = 20_000_000;

    private readonly HashSet<string> _classes = new(StringComparer.Ordinal);
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _work;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Adds all that is below a value.</summary>
    public void Add(string name, object? value, long offset)
    {
        Charge(1 + name.Length, offset);
        if (PickleText.Scalar(value) is { } text)
        {
            Note(name, text, offset);
            return;
        }

        if (_open.Count >= DeepestNesting)
        {
            throw entries.Error(offset, $"'{Shown(name)}': expected values nested at most {DeepestNesting} deep, got deeper ones.");
        }

        if (!_open.Add(value!))
        {
            entries.Remark(WeightRemarkKind.Skipped, name, "contains itself; listed once.");
            return;
        }

        switch (value)
        {
            case TorchTensor tensor:
                entries.AddTensor(NameOf(name), tensor);
                NoteQuantizer(name, tensor, offset);
                break;
            case TorchParts parts:
                entries.AddParts(NameOf(name), parts);
                break;
            case NumpyArray array:
                entries.AddArray(NameOf(name), array);
                break;
            case PickleSequence sequence:
                AddItems(name, sequence.Kind, sequence.Items, offset);
                break;
            case PickleMap map:
                AddMap(name, map, offset);
                break;
            case PickleObject o:
                AddObject(name, o, offset);
                break;
            case TorchStorage storage:
                entries.Remark(WeightRemarkKind.Skipped, name, $"a bare storage of class {storage.Class}, which no tensor describes.");
                break;
            default:
                break;
        }

        _open.Remove(value!);
    }

    private static string NameOf(string name) => name.Length == 0 ? "tensor" : name;

    private static string Shown(string name) => name.Length > 80 ? name[..80] + "..." : name;

    private void BelowField(string name, string field, object? value, long offset) => Below(name.Length == 0 ? "" : name + ".", field, value, offset);

    // Asked before the texts are joined: a long key that is shared by many dictionaries would be copied for each.
    private void Below(string name, string field, object? value, long offset)
    {
        if (name.Length + field.Length <= LongestName)
        {
            Add(name + field, value, offset);
        }
        else
        {
            Charge(1, offset);
            entries.Remark(WeightRemarkKind.Skipped, Shown(field), $"a name of more than {LongestName} letters, below '{Shown(name)}'.");
        }
    }

    private void Note(string name, string text, long offset)
    {
        const int longest = 4096;
        Charge(Math.Min(text.Length, longest), offset);
        _metadata.TryAdd(name.Length == 0 ? "value" : name, text.Length > longest ? $"{text[..longest]}..." : text);
    }

    private void AddItems(string name, string kind, List<object?> items, long offset)
    {
        Charge(items.Count, offset);
        if (items.Count > MostListed && items.TrueForAll(PickleText.IsScalar))
        {
            Note(name, $"{kind} of {items.Count} {PickleText.Plural(items)}", offset);
            return;
        }

        for (int i = 0; i < items.Count; i++)
        {
            Below(name, $"[{i.ToString(CultureInfo.InvariantCulture)}]", items[i], offset);
        }
    }

    private void AddMap(string name, PickleMap map, long offset)
    {
        Charge(map.Items.Count, offset);
        if (map.Items.Count > MostListed && map.Items.TrueForAll(static pair => PickleText.IsScalar(pair.Value)))
        {
            Note(name, $"dictionary of {map.Items.Count} values", offset);
            return;
        }

        foreach ((object? key, object? value) in map.Items)
        {
            BelowField(name, PickleText.Short(key), value, offset);
        }
    }

    private void AddObject(string name, PickleObject o, long offset)
    {
        bool isScript = o.Type.Name.StartsWith("__torch__.", StringComparison.Ordinal);
        if (o.Type.Verdict == PickleVerdict.Harmless && !isScript && _classes.Add(o.Type.Name))
        {
            entries.Remark(WeightRemarkKind.Skipped, o.Type.Name, $"an object of this class, first under '{Shown(name)}', was not built; what it holds is listed.");
        }

        if (o.Fields is { } fields && fields.Get("_parameters") is PickleMap parameters)
        {
            AddModule(name, fields, parameters, offset);
            return;
        }

        if (o.Arguments is PickleSymbol text)
        {
            Note(name, text.Text, offset);
        }
        else if (o.Arguments is PickleSequence { Items.Count: > 0 } arguments)
        {
            BelowField(name, "arguments", arguments, offset);
        }

        if (o.Fields is not null)
        {
            foreach ((object? key, object? value) in o.Fields.Items)
            {
                // Each TorchScript object repeats these two.
                if (!(isScript && key is "training" or "_is_full_backward_hook"))
                {
                    BelowField(name, PickleText.Short(key), value, offset);
                }
            }
        }
        else if (o.State is not null)
        {
            BelowField(name, "state", o.State, offset);
        }

        if (o.Items is not null)
        {
            AddItems(name, "list", o.Items, offset);
        }

        if (o.Map is not null)
        {
            AddMap(name, o.Map, offset);
        }
    }

    /// <summary>Names the tensors of a module as its state_dict does: parameters, buffers that are saved, then the modules within.</summary>
    private void AddModule(string name, PickleMap fields, PickleMap parameters, long offset)
    {
        HashSet<object?> unsaved = [.. (fields.Get("_non_persistent_buffers_set") as PickleSequence)?.Items ?? []];
        Charge(unsaved.Count, offset);
        foreach (PickleMap map in new[] { parameters, fields.Get("_buffers"), fields.Get("_modules") }.OfType<PickleMap>())
        {
            foreach ((object? key, object? value) in map.Items)
            {
                if (key is string buffer && map != parameters && unsaved.Contains(buffer))
                {
                    entries.Remark(WeightRemarkKind.Skipped, Shown(buffer), $"a buffer of '{Shown(name)}' that the module does not save with its weights.");
                }
                else if (value is not null)
                {
                    BelowField(name, PickleText.Short(key), value, offset);
                }
            }
        }
    }

    private void NoteQuantizer(string name, TorchTensor tensor, long offset)
    {
        if (tensor.Quantizer is not { } quantizer)
        {
            return;
        }

        if (quantizer.Axis is { } axis)
        {
            BelowField(name, "scales", quantizer.Scale, offset);
            BelowField(name, "zero_points", quantizer.ZeroPoint, offset);
            entries.Remark(WeightRemarkKind.Note, NameOf(name), $"quantized: value = scale * (integer - zero point), both along axis {axis}, see .scales and .zero_points.");
            return;
        }

        BelowField(name, "scale", quantizer.Scale, offset);
        BelowField(name, "zero_point", quantizer.ZeroPoint, offset);
        entries.Remark(WeightRemarkKind.Note, NameOf(name), $"quantized: value = {PickleText.Short(quantizer.Scale)} * (integer - {PickleText.Short(quantizer.ZeroPoint)}).");
    }

    private void Charge(long work, long offset)
    {
        _work += work;
        if (_work > MostWork)
        {
            throw entries.Error(offset, "expected a table of tensors, got containers that hold each other so often that their list has no end.");
        }
    }
}
