using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Pondus.Formats;
using Pondus.Weights;

namespace Pondus.Benchmarks.Child;

/// <summary>Times the inspection of weights files beside the base library's hash of the same bytes, in turn, in one process.</summary>
/// <remarks><c>--child inspect --file A --other B --rounds N</c>: both files of one gigabyte, A of several tensors, B of one.</remarks>
internal static class InspectionRun
{
    public static JsonObject Measure(string several, string single, int rounds)
    {
        byte[] bytes = File.ReadAllBytes(several);
        using WeightFile manyTensors = WeightFile.Open(several), oneTensor = WeightFile.Open(single);
        InspectionOptions hashes = new() { Statistics = false, Spectra = SpectrumChoice.None };
        InspectionOptions statistics = new() { Hashes = false, Spectra = SpectrumChoice.None };
        InspectionOptions both = new() { Spectra = SpectrumChoice.None };
        (string Name, Action Work)[] works =
        [
            ("hash_data", () => SHA256.HashData(bytes)),
            ("hash_several", () => Inspection.Of(manyTensors, hashes)),
            ("hash_single", () => Inspection.Of(oneTensor, hashes)),
            ("statistics_several", () => Inspection.Of(manyTensors, statistics)),
            ("statistics_single", () => Inspection.Of(oneTensor, statistics)),
            ("both_several", () => Inspection.Of(manyTensors, both)),
        ];
        ProcessCounters counters = new();
        JsonArray rows = [];
        for (int round = -1; round < rounds; round++)
        {
            JsonObject row = [];
            foreach ((string name, Action work) in works)
            {
                long begin = Stopwatch.GetTimestamp();
                work();
                row[name] = bytes.LongLength / 1e9 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }

            // The first round fills the file cache and compiles.
            if (round >= 0)
            {
                rows.Add((JsonNode)row);
            }
        }

        return new JsonObject { ["rates"] = rows, ["other_cores"] = counters.OtherCores() };
    }
}
