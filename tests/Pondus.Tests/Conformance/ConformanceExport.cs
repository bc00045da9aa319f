using System.Text.Json;
using Pondus.Tests.Conventions;
using Pondus.Tests.Support;

namespace Pondus.Tests.Conformance;

/// <summary>PyTorch's own samples, exported once a test run by tools/conformance/export.py.</summary>
public static class ConformanceExport
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, string> s_folders = new(StringComparer.Ordinal);

    /// <summary>The samples of one operator, module or optimizer; the test ends as skipped where PyTorch is not installed.</summary>
    /// <param name="kind">operators, modules or optimizers.</param>
    /// <param name="names">All names of this kind: they are exported together.</param>
    /// <param name="name">The one that is wanted.</param>
    public static JsonDocument Load(string kind, IEnumerable<string> names, string name)
    {
        _ = Peers.Python;
        lock (s_lock)
        {
            if (!s_folders.TryGetValue(kind, out string? folder))
            {
                folder = Directory.CreateTempSubdirectory("pondus-conformance-").FullName;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
                Peers.RunPython([Repository.PathOf("tools/conformance/export.py"), folder, kind, .. names.Distinct(StringComparer.Ordinal)], TimeSpan.FromMinutes(8));
                s_folders.Add(kind, folder);
            }

            using FileStream file = File.OpenRead(Path.Combine(folder, name + ".json"));
            return JsonDocument.Parse(file);
        }
    }
}
