using System.Security.Cryptography;
using System.Text.Json;
using Pondus.Formats;
using Pondus.Tests.Conventions;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats;

/// <summary>Weights files that others published: every tensor has the bytes that the format's own library reads (tools/golden/weights_digests.py).</summary>
public sealed class PublishedWeightsTests
{
    private const int Digits = 32;

    private static readonly JsonElement s_golden = Read();

    public static TheoryData<string> Files => [.. s_golden.EnumerateArray().Select(static row => row.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_PublishedFile_HasTheTensorsThatItsLibraryReads(string name)
    {
        JsonElement golden = s_golden.EnumerateArray().First(row => row.GetProperty("file").GetString() == name);
        using WeightFile file = WeightFile.Open(TestData.PathOf(name));
        HashSet<string> expected = [];
        foreach (JsonElement row in golden.GetProperty("tensors").EnumerateArray())
        {
            string tensor = row[0].GetString()!;
            expected.Add(tensor);
            WeightEntry? entry = file.Find(tensor);
            Assert.Equal($"{tensor} {row[1].GetString()} ({string.Join(", ", row[2].EnumerateArray())})", entry?.ToString());
            Assert.Equal($"{tensor} {row[3].GetString()}", $"{tensor} {Convert.ToHexStringLower(SHA256.HashData(entry!.ReadBytes()))[..Digits]}");
        }

        // A library may leave out what holds nothing: TorchScript's attributes, for example.
        Assert.DoesNotContain(file.Entries, entry => !expected.Contains(entry.Name) && entry.Count > 0);
    }

    private static JsonElement Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests/Pondus.Tests/Golden/weights.json")));
        return document.RootElement.Clone();
    }
}
