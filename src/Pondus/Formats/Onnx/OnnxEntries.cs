namespace Pondus.Formats.Onnx;

/// <summary>Collects the tensors of a graph and of those within it, each under a name of its own.</summary>
internal sealed class OnnxEntries(string path, List<WeightRemark> remarks)
{
    // The place of a graph may be long and stand before the name of every tensor in it.
    private const long MaxLetters = 40_000_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    // How often a name was taken, so that many equal ones do not cost the square of their number.
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private long _letters;

    public List<WeightEntry> List { get; } = [];

    public void Add(OnnxGraph graph, string place)
    {
        foreach (OnnxTensor tensor in graph.Initializers)
        {
            Add(tensor, tensor.Name, place);
        }

        foreach (OnnxSparseTensor sparse in graph.SparseInitializers)
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Skipped, sparse.Values.Name, $"A sparse tensor ({string.Join(", ", sparse.Dims)}) of {sparse.Values.Count} values: not given as a tensor."));
        }

        foreach (OnnxNode node in graph.Nodes)
        {
            if (node is { OpType: "Constant", Domain: "", Outputs: [var output, ..] } && node.Find("value")?.Tensor is { } constant)
            {
                Add(constant, output, place);
            }

            AddInner(node, place);
        }
    }

    private void AddInner(OnnxNode node, string place)
    {
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            // The depth is that of the messages, which the reader has bounded.
            foreach (OnnxGraph inner in attribute.Graph is { } one ? [one] : attribute.Graphs)
            {
                Add(inner, $"{place}{(node.Name.Length > 0 ? node.Name : node.Outputs is [var first, ..] ? first : node.OpType)}.{attribute.Name}.");
            }
        }
    }

    private void Add(OnnxTensor tensor, string name, string place)
    {
        if (tensor.Strings is not null)
        {
            remarks.Add(new WeightRemark(WeightRemarkKind.Skipped, name, $"{tensor.Count} texts: no numbers."));
        }
        else if (tensor.Entry is { } entry)
        {
            string free = name;
            while (!_names.Add(free))
            {
                int count = _counts[name] = _counts.GetValueOrDefault(name) + 1;
                free = count == 1 && place.Length > 0 ? place + name : $"{place}{name}.{count}";
                _letters += free.Length;
                if (_letters > MaxLetters)
                {
                    throw new WeightFormatException(path, 0, $"expected tensors whose names differ, got so many that names of their own take more than {MaxLetters} letters.");
                }
            }

            List.Add(string.Equals(free, entry.Name, StringComparison.Ordinal) ? entry : new WeightEntry(free, entry.DataType, entry.Shape, entry.ByteCount, entry.Read));
        }
    }
}
