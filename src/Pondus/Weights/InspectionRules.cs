using System.Globalization;
using Pondus.Formats;

namespace Pondus.Weights;

/// <summary>Decides what of an inspection is worth saying, and how much it matters.</summary>
/// <remarks>Thresholds are rules of thumb, chosen so that published networks pass; the message of a finding says its number.</remarks>
internal static class InspectionRules
{
    /// <summary>Below this a weight is as good as zero beside activations of about 1, in float32 as well.</summary>
    private const double NearZero = 1e-8;

    /// <summary>Trained matrices have root mean squares of 0.001 to 1; beyond this, products overflow float16 within a layer or two.</summary>
    private const double Exploding = 100;

    /// <summary>How far a matrix's root mean square may be from the median of all.</summary>
    private const double Uneven = 10_000;

    /// <summary>Share of the shorter side that the effective rank should reach.</summary>
    private const double CollapsedRank = 0.05;

    /// <summary>Shorter sides of which a rank can be judged.</summary>
    private const int JudgedSide = 64;

    private const int FewestDuplicatedBytes = 64;
    private const int FewestUnusedBytes = 1 << 20;
    private const double UnusedShare = 0.1;

    private static readonly string[] s_vectorWords = ["bias", "norm", "gamma", "beta"];

    // Embeddings, whose rows belong to tokens, and fixed bases of sound, whose sine of frequency 0 is 0.
    private static readonly string[] s_tableWords = ["emb", "wte", "wpe", "stft", "basis", "filterbank", "window"];

    /// <summary>Finds everything, the gravest first.</summary>
    public static IReadOnlyList<InspectionFinding> Find(IReadOnlyList<InspectionTensor> tensors, WeightFile file)
    {
        List<InspectionFinding> findings = [];
        AddRemarks(findings, file);
        AddValues(findings, tensors);
        AddRows(findings, tensors);
        AddConstants(findings, tensors);
        AddScales(findings, tensors);
        AddPrecision(findings, tensors);
        AddDuplicates(findings, tensors);
        AddSpectra(findings, tensors);
        AddUnused(findings, tensors, file);
        return [.. findings.OrderByDescending(static finding => finding.Severity)];
    }

    /// <summary>Says in one sentence whether the weights are healthy.</summary>
    public static string Verdict(Inspection inspection)
    {
        List<InspectionFinding> grave = [.. inspection.Findings.Where(static finding => finding.Severity > InspectionSeverity.Note)];
        if (grave.Count > 0)
        {
            string word = grave[0].Id is "threat" ? "not to be trusted" : "not healthy";
            string more = grave.Count > 1 ? $" (and {Plural(grave.Count - 1, "other finding")})" : "";
            return $"{word}: {grave[0].Message.TrimEnd('.')}{more}.";
        }

        if (inspection.Tensors.Count == 0)
        {
            return "nothing to judge: no tensors.";
        }

        return inspection.Tensors.Any(static tensor => tensor.Statistics is not null)
            ? $"healthy: {Plural(inspection.Tensors.Count, "tensor")} without NaN, infinities, dead rows or odd scales."
            : "not judged: no values were looked at.";
    }

    private static void AddRemarks(List<InspectionFinding> findings, WeightFile file)
    {
        foreach (WeightRemarkKind kind in (ReadOnlySpan<WeightRemarkKind>)[WeightRemarkKind.Threat, WeightRemarkKind.Refused])
        {
            string[] subjects = [.. file.Remarks.Where(remark => remark.Kind == kind).Select(static remark => remark.Subject).Distinct(StringComparer.Ordinal)];
            if (subjects.Length > 0)
            {
                bool isThreat = kind == WeightRemarkKind.Threat;
                findings.Add(new InspectionFinding(isThreat ? "threat" : "refused", isThreat ? InspectionSeverity.Error : InspectionSeverity.Warning, [],
                    isThreat ? $"the file asks its reader to run code, which was not done: {List(subjects)}." : $"could not be read: {List(subjects)}; see the remarks."));
            }
        }
    }

    private static void AddValues(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        foreach (InspectionTensor tensor in tensors.Where(static tensor => tensor.Failure is not null))
        {
            Add(findings, "unreadable", InspectionSeverity.Error, [tensor], $"'{tensor.Entry.Name}' is damaged: {tensor.Failure}");
        }

        // A single infinity is a constant of a graph, such as what a mask adds.
        List<InspectionTensor> bad = [.. tensors.Where(static tensor => tensor.Statistics is { NonFiniteCount: > 0 } s && (s.Count > 1 || s.NanCount > 0))];
        long nan = bad.Sum(static tensor => tensor.Statistics!.NanCount), all = bad.Sum(static tensor => tensor.Statistics!.NonFiniteCount);
        if (bad.Count > 0)
        {
            string what = nan == all ? $"{nan:N0} NaN" : nan == 0 ? $"{all:N0} infinite" : $"{nan:N0} NaN and {all - nan:N0} infinite";
            Add(findings, "non-finite", InspectionSeverity.Error, bad, $"{what} values in {List(bad)}.");
        }
    }

    private static void AddRows(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionTensor> dead = [.. tensors.Where(static tensor => tensor.IsWeight && tensor.Statistics is { IsConstant: false } s && s.ZeroRowCount + s.ConstantRowCount > 0)];
        foreach (bool isTable in (ReadOnlySpan<bool>)[false, true])
        {
            List<InspectionTensor> part = [.. dead.Where(tensor => IsTable(tensor.Entry.Name) == isTable)];
            if (part.Count == 0)
            {
                continue;
            }

            WeightStatistics first = part[0].Statistics!;
            long rows = part.Sum(static tensor => tensor.Statistics!.ZeroRowCount + tensor.Statistics!.ConstantRowCount);
            string where = $"{List(part)} (row{(first.FirstDeadRows.Count > 1 ? "s" : "")} {string.Join(", ", first.FirstDeadRows.Take(4))}{(first.ZeroRowCount + first.ConstantRowCount > 4 ? " ..." : "")} of {first.RowCount:N0} in the first)";
            Add(findings, "dead-rows", isTable ? InspectionSeverity.Note : InspectionSeverity.Warning, part, isTable
                ? $"{Plural(rows, "row")} of one number in {where}: padding, tokens that never occurred, or a fixed basis."
                : $"{Plural(rows, "output")} whose weights are all one number, in {where}.");
        }
    }

    private static void AddConstants(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionTensor> constant = [.. tensors.Where(static tensor => tensor.IsWeight && tensor.Entry.Count > 1 && tensor.Statistics is { IsConstant: true })];
        List<InspectionTensor> matrices = [.. constant.Where(static tensor => IsMatrix(tensor))];
        if (matrices.Count > 0)
        {
            Add(findings, "constant", InspectionSeverity.Warning, matrices, $"all values are {Number(matrices[0].Statistics!.Min)} in {List(matrices)}: never trained, or cleared.");
        }

        List<InspectionTensor> vectors = [.. constant.Where(static tensor => !IsMatrix(tensor))];
        if (vectors.Count > 0)
        {
            Add(findings, "constant", InspectionSeverity.Note, vectors, $"all values are one number in {List(vectors)}: biases and norms begin so.");
        }

        List<InspectionTensor> tiny = [.. tensors.Where(static tensor => tensor.IsWeight && tensor.Statistics is { IsConstant: false, LargestMagnitude: < NearZero })];
        if (tiny.Count > 0)
        {
            Add(findings, "near-zero", InspectionSeverity.Warning, tiny, $"no magnitude above {Number(NearZero)} in {List(tiny)}.");
        }
    }

    private static void AddScales(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionTensor> matrices = [.. tensors.Where(static tensor => tensor.IsWeight && IsMatrix(tensor) && tensor.Statistics is { IsConstant: false, LargestMagnitude: >= NearZero })];
        List<InspectionTensor> exploding = [.. matrices.Where(IsExploding)];
        if (exploding.Count > 0)
        {
            Add(findings, "exploding", InspectionSeverity.Warning, exploding,
                $"root mean square above {Exploding} (rule of thumb) in {List(exploding)}: {Number(exploding.Max(static tensor => tensor.Statistics!.RootMeanSquare))} at most.");
        }

        if (matrices.Count < 3)
        {
            return;
        }

        double median = matrices.Select(static tensor => tensor.Statistics!.RootMeanSquare).Order().ElementAt(matrices.Count / 2);
        List<InspectionTensor> uneven = [.. matrices.Where(tensor => tensor.Statistics!.RootMeanSquare is var rms && (rms > median * Uneven || rms < median / Uneven) && !IsExploding(tensor))];
        if (uneven.Count > 0)
        {
            Add(findings, "uneven", InspectionSeverity.Warning, uneven,
                $"root mean square {Number(uneven[0].Statistics!.RootMeanSquare)} in {List(uneven)}, over {Uneven} times from the median {Number(median)} (rule of thumb).");
        }
    }

    private static void AddPrecision(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionTensor> precise = [.. tensors.Where(static tensor => tensor.Statistics is { IsConstant: false, NonFiniteCount: 0, Precisions.Count: > 0 })];
        foreach (string type in (ReadOnlySpan<string>)["bfloat16", "float16", "float32"])
        {
            // Each tensor counts for the first type that holds it.
            List<InspectionTensor> exact = [.. precise.Where(tensor => tensor.Statistics!.Precisions.FirstOrDefault(static precision => precision.IsExact)?.DataType == type)];
            long saved = exact.Sum(static tensor => tensor.Entry.ByteCount) / 2;
            if (saved > 0)
            {
                Add(findings, "precision", InspectionSeverity.Note, exact, $"{type} holds every value of {List(exact)} exactly: {Bytes(saved)} could be saved.");
            }
        }

        List<InspectionTensor> large = [.. tensors.Where(static tensor => tensor.Statistics is { } s && s.Precisions.Any(static p => p is { DataType: "float16", OverflowCount: > 0 }))];
        if (large.Count > 0)
        {
            Add(findings, "overflow", InspectionSeverity.Note, large, $"values up to {Number(large.Max(static tensor => tensor.Statistics!.LargestMagnitude))} in {List(large)} are beyond float16.");
        }
    }

    private static void AddDuplicates(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        foreach (IGrouping<string, InspectionTensor> equal in tensors
            .Where(static tensor => tensor.Sha256 is not null && tensor.Entry.ByteCount >= FewestDuplicatedBytes && tensor.Statistics is not { IsConstant: true })
            .GroupBy(static tensor => tensor.Sha256!, StringComparer.Ordinal).Where(static group => group.Skip(1).Any()))
        {
            List<InspectionTensor> group = [.. equal];
            Add(findings, "duplicate", InspectionSeverity.Note, group, $"equal bytes ({Bytes(group[0].Entry.ByteCount)} each) in {List(group)}: tied or copied.");
        }
    }

    private static void AddSpectra(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors)
    {
        List<InspectionTensor> collapsed = [.. tensors.Where(static tensor => tensor.Spectrum is { } s && s.SingularValues.Count >= JudgedSide
            && s.EffectiveRank < CollapsedRank * s.SingularValues.Count && tensor.Statistics is not { IsConstant: true })];
        if (collapsed.Count > 0)
        {
            Spectrum first = collapsed[0].Spectrum!;
            Add(findings, "rank", InspectionSeverity.Warning, collapsed,
                $"effective rank {Number(first.EffectiveRank)} of {first.SingularValues.Count} in {List(collapsed)}: under {CollapsedRank:P0} (rule of thumb).");
        }

        foreach ((string warning, string meaning) in (ReadOnlySpan<(string, string)>)[("over-trained", "below 2"), ("under-trained", "above 6")])
        {
            List<InspectionTensor> part = [.. tensors.Where(tensor => tensor.Spectrum?.PowerLaw?.Warning == warning)];
            if (part.Count > 0)
            {
                Add(findings, "power-law", InspectionSeverity.Note, part, $"power-law exponent {meaning} in {List(part)}: {warning} as Martin, Peng and Mahoney 2021 read it.");
            }
        }
    }

    private static void AddUnused(List<InspectionFinding> findings, IReadOnlyList<InspectionTensor> tensors, WeightFile file)
    {
        // Whoever looks at one tensor does not ask about the rest; a folder or an index has no size of its own.
        if (tensors.Count == 0 || tensors.Count < file.Entries.Count || !File.Exists(file.Path))
        {
            return;
        }

        long bytes = new FileInfo(file.Path).Length, unused = bytes - tensors.Sum(static tensor => tensor.Entry.ByteCount);
        if (unused > Math.Max(FewestUnusedBytes, bytes * UnusedShare))
        {
            Add(findings, "unused", InspectionSeverity.Note, [], $"{Bytes(unused)} of the file's {Bytes(bytes)} belong to no tensor.");
        }
    }

    private static void Add(List<InspectionFinding> findings, string id, InspectionSeverity severity, IEnumerable<InspectionTensor> tensors, string message) =>
        findings.Add(new InspectionFinding(id, severity, [.. tensors.Select(static tensor => tensor.Entry.Name)], message));

    private static bool IsExploding(InspectionTensor tensor) => tensor.Statistics!.RootMeanSquare > Exploding;

    // Some formats keep biases and norms with more axes than one.
    private static bool IsMatrix(InspectionTensor tensor) =>
        tensor.Entry.Shape.Length >= 2 && !s_vectorWords.Any(word => tensor.Entry.Name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsTable(string name) => s_tableWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string List(List<InspectionTensor> tensors) => List([.. tensors.Select(static tensor => tensor.Entry.Name)]);

    private static string List(string[] names) => names.Length switch
    {
        0 => "",
        1 => names[0],
        2 => $"{names[0]} and {names[1]}",
        _ => $"{names[0]}, {names[1]} and {names.Length - 2:N0} more",
    };

    private static string Plural(long count, string word) => $"{count:N0} {word}{(count == 1 ? "" : "s")}";

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Bytes(long count) => count switch
    {
        < 10_000 => $"{count:N0} bytes",
        < 10_000_000 => $"{count / 1e3:N0} KB",
        < 10_000_000_000 => $"{count / 1e6:N0} MB",
        _ => $"{count / 1e9:N0} GB",
    };
}
