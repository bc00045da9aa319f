using System.CommandLine;
using Pondus.Experiments;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus schema</c>.</summary>
internal static class SchemaCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        command.Description = """
            Prints the JSON Schema of experiment files, from which editors complete and check them.

            Example:
              pondus schema > pondus.schema.json
            """;
        command.SetAction(_ =>
        {
            context.Out.Write(ExperimentSchema.Text);
            return ExitCode.Done;
        });
    }
}
