using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pondus.Formats;
using Xunit;

namespace Pondus.Tests.Formats.Fixtures;

/// <summary>Opens a fixture and holds what is found against its verdict.</summary>
internal sealed class FixtureCheck(Fixture fixture)
{
    private readonly FixtureRules _rules = FixtureRules.For(fixture.Section);

    /// <summary>Says what became of the file in a word; anything that its verdict does not allow fails the test.</summary>
    public string Run()
    {
        try
        {
            using WeightFile file = WeightFile.Open(fixture.FullPath);
            return Judge(file);
        }
        catch (Exception error) when (error is WeightFormatException or NotSupportedException)
        {
            return JudgeRefusal(error);
        }
    }

    private string JudgeRefusal(Exception error)
    {
        Assert.True(fixture.Verdict is "accept-or-clear-refusal" or "refuse-clearly" or "refuse-clearly-or-list", $"{fixture.File}: expected {fixture.Verdict}, got: {error.Message}");
        Assert.Contains("expected ", error.Message, StringComparison.Ordinal);
        Assert.Contains(_rules.Cause(fixture), error.Message, StringComparison.Ordinal);
        return "refused";
    }

    private string Judge(WeightFile file)
    {
        Assert.False(fixture.Verdict is "refuse-clearly", $"{fixture.File}: expected a refusal, got {file.Entries.Count} tensors.");
        List<FixtureTensor> table = _rules.Tables(fixture).MinBy(rows => rows.Count(row => file.Find(_rules.Name(fixture, row.Name)) is null))!;
        List<string> missing = [];
        foreach (FixtureTensor row in table)
        {
            string name = _rules.Name(fixture, row.Name);
            if (file.Find(name) is { } entry)
            {
                Compare(row, entry);
            }
            else
            {
                missing.Add(name);
            }
        }

        CheckExtra(file, table);
        return JudgeMissing(file, missing);
    }

    private string JudgeMissing(WeightFile file, List<string> missing)
    {
        switch (fixture.Verdict)
        {
            case "accept":
                Assert.Empty(missing);
                return "equal";
            case "accept-safely":
                Assert.Empty(missing);
                Assert.Contains(file.Remarks, remark => Says(remark, _rules.Cause(fixture)));
                return "equal, the rest refused";
            case "accept-or-clear-refusal":
                Assert.All(missing, name => Assert.Contains(file.Remarks, remark => Says(remark, name)));
                return missing.Count == 0 ? "equal" : "equal, the rest refused";
            case "refuse-clearly-or-list":
                Assert.Contains(file.Remarks, remark => remark.Kind == WeightRemarkKind.Threat && Says(remark, _rules.Cause(fixture)));
                Assert.All(missing, name => Assert.Contains(file.Remarks, remark => Says(remark, name)));
                return "listed";
            default:
                Assert.Fail($"{fixture.File}: expected a known verdict, got {fixture.Verdict}.");
                return "";
        }
    }

    private static bool Says(WeightRemark remark, string word) =>
        remark.Subject.Contains(word, StringComparison.Ordinal) || remark.Message.Contains(word, StringComparison.Ordinal);

    private void CheckExtra(WeightFile file, List<FixtureTensor> table)
    {
        HashSet<string> names = new(table.Select(row => _rules.Name(fixture, row.Name)), StringComparer.Ordinal);
        foreach (WeightEntry entry in file.Entries.Where(entry => !names.Contains(entry.Name) && !_rules.AllowsExtra(fixture, entry)))
        {
            // A second name of a tensor that is listed, as links give them.
            bool isAlias = fixture.Verdict is "accept-safely" && table.Exists(row => string.Equals(row.Sha256, Hash(entry.ReadBytes()), StringComparison.Ordinal));
            Assert.True(isAlias, $"{fixture.File}: expected no tensor '{entry.Name}', got {entry}.");
        }
    }

    private void Compare(FixtureTensor row, WeightEntry entry)
    {
        Assert.Equal($"{entry.Name} {_rules.DataType(row)} ({string.Join(", ", row.Shape)})", entry.ToString());
        Assert.True(string.Equals(row.Sha256, Hash(_rules.Bytes(entry)), StringComparison.Ordinal), $"{fixture.File}: {entry}: expected bytes with the checksum {row.Sha256}, got others.");
        double?[]? all = fixture.Values(row.Name);
        double?[] expected = all ?? row.First;
        bool isReal = expected.Length > 0 && Array.TrueForAll(expected, static value => value is not null);
        if (!isReal && row.ValuesSha256 is null)
        {
            return;
        }

        float[] values = entry.ReadSingle();
        Assert.True(row.ValuesSha256 is null || string.Equals(row.ValuesSha256, Hash(MemoryMarshal.AsBytes(values.AsSpan())), StringComparison.Ordinal), $"{fixture.File}: {entry}: expected other values.");
        Assert.Equal(expected.Select(static value => (float)value!.Value), values.Take(expected.Length));
        Assert.True(all is null || all.Length == values.Length, $"{fixture.File}: {entry}: expected {all?.Length} values, got {values.Length}.");
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
