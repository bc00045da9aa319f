using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Networks;
using Pondus.Runs;
using Pondus.Text;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus generate</c>.</summary>
internal static class GenerateCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        Argument<string> run = new("run") { Description = "Folder of a run that learned a text." };
        Option<string> prompt = new("--prompt") { Description = "Text to continue.", DefaultValueFactory = static _ => "\n" };
        Option<FileInfo?> file = new("--out") { Description = "Writes the text to a file instead." };
        Option<int> count = new("--count") { Description = "Characters to write.", DefaultValueFactory = static _ => 400 };
        Option<float> temperature = new("--temperature") { Description = "Below 1 the likely becomes likelier; 0 always takes the likeliest.", DefaultValueFactory = static _ => 1f };
        Option<int?> topK = new("--top-k") { Description = "Chooses among so many of the likeliest." };
        Option<float> topP = new("--top-p") { Description = "Chooses among the likeliest that have this probability together.", DefaultValueFactory = static _ => 1f };
        Option<ulong> seed = new("--seed") { Description = "Seed of the choices.", DefaultValueFactory = static _ => 1 };
        command.Description = """
            Continues a text with the best weights of a run of a gpt.

            Example:
              pondus generate runs/gpt-char --prompt "The license"
            """;
        command.Add(run);
        foreach (Option option in (Option[])[prompt, file, count, temperature, topK, topP, seed])
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            string folder = RunArgument.Check(result.GetRequiredValue(run));
            GenerationSettings settings = new() { Temperature = result.GetValue(temperature), TopK = result.GetValue(topK), TopP = result.GetValue(topP), Seed = result.GetValue(seed) };
            string start = result.GetValue(prompt)!;
            int length = result.GetValue(count);
            GenerateOutput output = await Task.Run(() => Generate(folder, start, length, settings), CancellationToken.None).WaitAsync(cancellationToken);
            if (result.GetValue(file) is { } target)
            {
                await File.WriteAllTextAsync(target.FullName, output.Prompt + output.Text, cancellationToken);
            }

            if (result.GetValue(context.Json))
            {
                OutputJson.Print(context.Out, output, OutputJson.Default.GenerateOutput);
            }
            else if (result.GetValue(file) is null)
            {
                context.Out.WriteLine(output.Prompt + output.Text);
            }

            return ExitCode.Done;
        });
    }

    private static GenerateOutput Generate(string folder, string prompt, int count, GenerationSettings settings)
    {
        if (prompt.Length == 0 || count < 1)
        {
            throw new UsageException($"generate: expected a prompt of at least one character and a count of at least 1, got '{prompt}' and {count}.");
        }

        TrainedRun run = TrainedRun.Load(folder);
        if (run.Model is not Gpt network)
        {
            throw new InvalidDataException($"{folder}: expected a run of the network gpt, got one of {run.Model.GetType().Name}.");
        }

        Vocabulary vocabulary = new(run.Card.ClassNames);
        int[] tokens = new Generator(network, settings).Generate(vocabulary.Encode(prompt), count);
        return new GenerateOutput(folder, prompt, vocabulary.Decode(tokens));
    }
}
