using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Pondus.Cli.Commands;
using Pondus.Data;
using Pondus.Experiments;
using Pondus.Formats;
using Pondus.Onnx;
using Pondus.Training;

namespace Pondus.Cli;

/// <summary>Parses the arguments, runs the command, and turns every failure into one line and an exit status.</summary>
internal static class CommandLine
{
    private static readonly (string Name, string Summary, Action<Command, CommandContext> Fill)[] s_commands =
    [
        ("neuron", "Computes one neuron.", NeuronCommand.Fill),
        ("train", "Trains a network.", TrainCommand.Fill),
        ("evaluate", "Measures a trained run.", EvaluateCommand.Fill),
        ("predict", "Uses a trained run.", PredictCommand.Fill),
        ("generate", "Continues a text with a trained run.", GenerateCommand.Fill),
        ("inspect", "Shows what is in a weights file and whether it is healthy.", InspectCommand.Fill),
        ("verify", "Repeats the training of a weights file and compares the bits.", VerifyCommand.Fill),
        ("diff", "Compares two weights files.", DiffCommand.Fill),
        ("convert", "Writes weights in another format or type.", ConvertCommand.Fill),
        ("merge", "Makes one set of weights of several.", MergeCommand.Fill),
        ("prune", "Sets the least weights to zero.", PruneCommand.Fill),
        ("quantize", "Keeps few bits of each weight.", QuantizeCommand.Fill),
        ("run", "Runs an ONNX graph.", RunCommand.Fill),
        ("runs", "Lists runs.", RunsCommand.Fill),
        ("recipes", "Lists and shows the experiments that come with Pondus.", RecipesCommand.Fill),
        ("data", "Lists and fetches data sets.", DataCommand.Fill),
        ("schema", "Prints the JSON Schema of experiment files.", SchemaCommand.Fill),
    ];

    public static IEnumerable<string> CommandNames => s_commands.Select(static c => c.Name);

    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        using CancellationTokenSource interrupted = new();
        using PosixSignalRegistration? onInterrupt = Register(PosixSignal.SIGINT, interrupted);
        using PosixSignalRegistration? onTerminate = Register(PosixSignal.SIGTERM, interrupted);
        try
        {
            return await RunAsync(args, context, interrupted.Token);
        }
        catch (UsageException e)
        {
            return Report(context, e.Message, ExitCode.WrongUsage);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Report(context, "interrupted.", ExitCode.Interrupted);
        }
        catch (Exception e) when (e is ExperimentException or IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException or NotSupportedException
            or DataFormatException or WeightFormatException or NonFiniteException or OnnxException)
        {
            return Report(context, TextOf(e), ExitCode.Failed);
        }
#pragma warning disable CA1031 // The last line of defense: a stack trace helps nobody who did not ask for it.
        catch (Exception e) when (Environment.GetEnvironmentVariable("PONDUS_TRACE") is null)
        {
            return Report(context, $"internal error: {e.GetType().Name}: {e.Message} Set PONDUS_TRACE=1 to see where.", ExitCode.Failed);
        }
#pragma warning restore CA1031
    }

    private static async Task<int> RunAsync(string[] args, CommandContext context, CancellationToken cancellationToken)
    {
        RootCommand root = BuildRoot(args, context);
        bool isEmpty = args.Length == 0;
        ParseResult parsed = root.Parse(isEmpty ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException(Describe(parsed));
        }

        InvocationConfiguration configuration = new()
        {
            Output = isEmpty ? context.Error : context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            // Interruption is handled here: a training needs more than the parser's two seconds to write its checkpoint.
            ProcessTerminationTimeout = null,
        };
        int status = await parsed.InvokeAsync(configuration, cancellationToken);
        return isEmpty ? ExitCode.WrongUsage : status;
    }

    // Only the command that runs is built with its options: building all of them would cost every start some milliseconds.
    private static RootCommand BuildRoot(string[] args, CommandContext context)
    {
        RootCommand root = new("Pondus: neural networks in pure managed C#.") { context.Json, context.Quiet };
        string? wanted = args.FirstOrDefault(static a => !a.StartsWith('-'));
        bool completes = args.Length > 0 && args[0].StartsWith('[');
        foreach ((string name, string summary, Action<Command, CommandContext> fill) in s_commands)
        {
            Command command = new(name, summary);
            if (completes || string.Equals(wanted, name, StringComparison.Ordinal))
            {
                fill(command, context);
            }

            root.Add(command);
        }

        return root;
    }

    private static string Describe(ParseResult parsed)
    {
        ParseError error = parsed.Errors[0];
        Command command = parsed.CommandResult.Command;
        string problem = error.Message.TrimEnd('.');
        string hint = string.Empty;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string unknown = parsed.UnmatchedTokens[0].Split('=', 2)[0];
            problem = command.Subcommands.Count > 0 && !unknown.StartsWith('-')
                ? $"expected a command, got '{unknown}'"
                : $"unknown argument '{unknown}'";
            IEnumerable<string> known = unknown.StartsWith('-')
                ? command.Options.Select(static o => o.Name).Concat(["--json", "--quiet", "--help"])
                : command.Subcommands.Select(static c => c.Name);
            hint = NearestName.Hint(unknown, known);
        }

        else if (error.SymbolResult is OptionResult { Tokens: [var token, ..], Option: { } option } && option.ValueType == typeof(double))
        {
            problem = $"{option.Name}: expected a number, got '{token.Value}'";
        }

        string path = command is RootCommand ? "pondus" : $"pondus {Path(parsed.CommandResult)}";
        return $"{problem}.{hint} See {path} --help.";
    }

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } parent ? $"{Path(parent)} {result.Command.Name}" : result.Command.Name;

    /// <summary>The message without what .NET adds to that of an argument: its name in the code, and the value that the message gives already.</summary>
    private static string TextOf(Exception error)
    {
        string text = error.Message;
        int added = error is ArgumentException { ParamName: { } name } ? text.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal) : -1;
        return added < 0 ? text : text[..added];
    }

    private static int Report(CommandContext context, string message, int status)
    {
        string line = Output.WeightText.Safe(message.ReplaceLineEndings(" "));
        context.Error.WriteLine($"pondus: {line}");
        return status;
    }

    private static PosixSignalRegistration? Register(PosixSignal signal, CancellationTokenSource interrupted)
    {
        try
        {
            return PosixSignalRegistration.Create(signal, c =>
            {
                // The first signal asks the command to end well; the second ends the process.
                c.Cancel = !interrupted.IsCancellationRequested;
                interrupted.Cancel();
            });
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }
}
