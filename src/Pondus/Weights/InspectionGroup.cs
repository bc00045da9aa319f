namespace Pondus.Weights;

/// <summary>Tensors whose names begin alike.</summary>
/// <param name="Name">What they have in common, such as <c>layers.0</c>.</param>
/// <param name="TensorCount">How many they are.</param>
/// <param name="ParameterCount">How many numbers they hold.</param>
/// <param name="ByteCount">How many bytes those take.</param>
/// <param name="DataTypes">Their types, the most frequent first.</param>
public sealed record InspectionGroup(string Name, int TensorCount, long ParameterCount, long ByteCount, IReadOnlyList<string> DataTypes)
{
    private const int MostGroups = 24;

    /// <summary>Groups tensors by the first parts of their names: as many parts as make a readable number of groups.</summary>
    internal static IReadOnlyList<InspectionGroup> Of(IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionGroup> groups = ByDepth(tensors, 1);
        // A prefix that all share says nothing; one part more may say too much.
        for (int depth = 2; depth <= 4; depth++)
        {
            List<InspectionGroup> finer = ByDepth(tensors, depth);
            if (finer.Count > MostGroups || (groups.Count > 1 && finer.Count > groups.Count))
            {
                break;
            }

            groups = finer;
        }

        return groups;
    }

    private static List<InspectionGroup> ByDepth(IReadOnlyList<InspectionTensor> tensors, int depth) =>
        [.. tensors.GroupBy(tensor => Prefix(tensor.Entry.Name, depth), StringComparer.Ordinal).Select(static group => new InspectionGroup(
            group.Key,
            group.Count(),
            group.Sum(static tensor => tensor.Entry.Count),
            group.Sum(static tensor => tensor.Entry.ByteCount),
            [.. group.GroupBy(static tensor => tensor.Entry.DataType, StringComparer.Ordinal).OrderByDescending(static types => types.Count()).Select(static types => types.Key)]))];

    /// <summary>The first parts of a name, without its last part, which names the tensor within its layer.</summary>
    private static string Prefix(string name, int depth)
    {
        string[] parts = name.Split('.', '/');
        int kept = Math.Clamp(parts.Length - 1, 1, depth);
        int length = parts.Take(kept).Sum(static part => part.Length + 1) - 1;
        return name[..length];
    }
}
