using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pondus.Benchmarks.Report;

/// <summary>The results of a day on a processor; a workload that is measured again replaces its rows.</summary>
internal sealed class ResultFile
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly string _path;
    private readonly JsonObject _content;

    private ResultFile(string path, JsonObject content)
    {
        _path = path;
        _content = content;
    }

    public static ResultFile Open(DateTimeOffset now)
    {
        string path = Path.Combine(Repository.Root, "benchmarks", "results", $"{Machine.Slug}-{now:yyyy-MM-dd}.json");
        JsonObject content = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        content["machine"] = Machine.Description;
        content["date"] = now.ToString("yyyy-MM-dd");
        return new ResultFile(path, content);
    }

    /// <summary>Puts a workload's rows in and writes both files.</summary>
    public string Save(string workload, List<ResultRow> rows, string text, string command)
    {
        JsonObject sections = _content["workloads"] as JsonObject ?? [];
        sections[workload] = new JsonObject
        {
            ["command"] = command,
            ["commit"] = Machine.Commit,
            ["rows"] = new JsonArray([.. rows.Select(static r => (JsonNode)r.Write())]),
            ["text"] = text,
        };
        _content["workloads"] = sections;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.WriteAllText(_path, _content.ToJsonString(s_indented) + "\n");
        string readable = Path.ChangeExtension(_path, ".md");
        File.WriteAllText(readable, Markdown(sections));
        return readable;
    }

    private string Markdown(JsonObject sections)
    {
        StringBuilder text = new();
        text.Append($"# Pondus and its peers, {_content["date"]}\n\n{_content["machine"]}.\n\n");
        text.Append("Processes of both sides ran in turn. Times are medians; the ratio is the median of the pairs [least, largest], peer's time by Pondus's unless the note says otherwise. ");
        text.Append("How it is measured: [docs/performance.md](../../docs/performance.md).\n\n");
        text.Append("| Workload | Pondus as | Pondus | Peer | Ratio | Goal | Met | Note |\n|---|---|---|---|---|---|---|---|\n");
        foreach ((_, JsonNode? section) in sections)
        {
            foreach (JsonNode? node in section!["rows"]!.AsArray())
            {
                ResultRow row = ResultRow.Read(node!.AsObject());
                text.Append($"| {row.Workload} | {row.Mode} | {row.Pondus} | {row.Peer} | {row.RatioText} | {row.GoalText} | {row.Met} | {row.Note} |\n");
            }
        }

        text.Append("\nCommands:\n\n");
        foreach ((string name, JsonNode? section) in sections)
        {
            text.Append($"* {name}: `{section!["command"]}` at {section["commit"]}\n");
        }

        foreach ((string name, JsonNode? section) in sections)
        {
            string details = section!["text"]!.GetValue<string>();
            if (details.Length > 0)
            {
                text.Append(details.StartsWith('|') ? $"\n## {name}\n\n{details}\n" : $"\n## {name}\n\n```\n{details}\n```\n");
            }
        }

        return text.ToString();
    }
}
