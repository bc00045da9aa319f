using System.Globalization;
using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;

namespace Pondus.Tests.Onnx;

/// <summary>One of ONNX's own tests: a graph, and inputs with the outputs that they must give.</summary>
/// <param name="Group">The group: node, simple, pytorch-converted or pytorch-operator.</param>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Where it lies.</param>
internal sealed record OnnxSuiteCase(string Group, string Name, string Folder)
{
    // Those of ONNX's own runner.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-7;

    // Its graph leaves epsilon out (1e-6 by the standard), its outputs were made with 0.01: ONNX's reference runner compares two decimals.
    private const string WithoutEpsilon = "test_adam_multiple";
    private const double TwoDecimals = 0.015;

    /// <summary>The operator that it is about: that of its name's single node, or what its group is about.</summary>
    public string Subject { get; private set; } = Group;

    /// <summary>Why it failed, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether something else than a refusal was thrown.</summary>
    public bool IsCrash { get; private set; }

    public void Run()
    {
        try
        {
            Failure = Difference();
        }
        catch (Exception error) when (error is OnnxException or WeightFormatException or NotSupportedException)
        {
            // The refusal without the file's path.
            Failure = error.Message.Replace($"{Path.Combine(Folder, "model.onnx")}: ", string.Empty, StringComparison.Ordinal);
            // What an operator stumbled over is wrapped by the network.
            IsCrash = error.InnerException is not (null or OnnxException);
        }
        catch (Exception error)
        {
            Failure = $"{error.GetType().Name}: {error.Message}";
            IsCrash = true;
        }
    }

    private string? Difference()
    {
        string path = Path.Combine(Folder, "model.onnx");
        using (OnnxFile file = OnnxFile.Open(path))
        {
            Subject = SubjectOf(file.Model.Graph);
        }

        OnnxNetwork network = OnnxNetwork.Load(path);
        foreach (string set in Directory.EnumerateDirectories(Folder, "test_data_set_*").Order(StringComparer.Ordinal))
        {
            IReadOnlyList<OnnxValueInfo> declared = network.Model.Graph.Inputs;
            Dictionary<string, OnnxValue> inputs = new(StringComparer.Ordinal);
            foreach ((int index, string input) in Files(set, "input"))
            {
                inputs[declared[index].Name] = OnnxValueFile.Read(input, declared[index].TypeInfo);
            }

            IReadOnlyDictionary<string, OnnxValue> outputs = network.Run(inputs);
            foreach ((int index, string output) in Files(set, "output"))
            {
                OnnxValueInfo info = network.Outputs[index];
                string? difference = OnnxDifference.Find(OnnxValueFile.Read(output, info.TypeInfo), outputs[info.Name], Relative, Name == WithoutEpsilon ? TwoDecimals : Absolute);
                if (difference is not null)
                {
                    return $"{info.Name}: {difference}";
                }
            }
        }

        return null;
    }

    private string SubjectOf(OnnxGraph graph)
    {
        if (Group.StartsWith("pytorch", StringComparison.Ordinal))
        {
            return Group;
        }

        if (Group == "simple")
        {
            return "whole graphs";
        }

        if (Name.EndsWith("_expanded", StringComparison.Ordinal))
        {
            return "bodies of functions";
        }

        // The rarest operator of a graph of several is the last before its outputs.
        return graph.Nodes.Count == 1 ? graph.Nodes[0].OpType : graph.Nodes.LastOrDefault(static node => node.Domain.Length > 0)?.OpType ?? graph.Nodes[^1].OpType;
    }

    private static IEnumerable<(int Index, string Path)> Files(string folder, string kind) =>
        Directory.EnumerateFiles(folder, $"{kind}_*.pb").Select(path => (int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan(kind.Length + 1), CultureInfo.InvariantCulture), path)).Order();
}
