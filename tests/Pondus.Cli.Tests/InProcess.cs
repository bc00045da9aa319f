namespace Pondus.Cli.Tests;

/// <summary>Runs the tool inside the test's process: quicker to start, and the same code from the arguments on.</summary>
internal static class InProcess
{
    /// <summary>The name of the collection whose tests take turns: the number of threads is one setting for a whole process.</summary>
    public const string Collection = "in process";

    public static async Task<ToolResult> RunAsync(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int status = await CommandLine.RunAsync(args, new CommandContext { Out = output, Error = error });
        return new ToolResult(status, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Trains quietly and gives the JSON document; the training must come to its end.</summary>
    public static async Task<System.Text.Json.JsonElement> TrainAsync(string folder, params string[] args)
    {
        ToolResult result = await RunAsync(["train", .. args, "--out", folder, "--json", "--quiet"]);
        Xunit.Assert.Equal((0, string.Empty), (result.Status, result.Error));
        return System.Text.Json.JsonDocument.Parse(result.Out).RootElement;
    }
}
