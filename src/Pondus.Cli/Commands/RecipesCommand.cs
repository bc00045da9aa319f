using System.CommandLine;
using Pondus.Cli.Output;
using Pondus.Experiments;

namespace Pondus.Cli.Commands;

/// <summary><c>pondus recipes</c>.</summary>
internal static class RecipesCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        command.Description = """
            Lists the experiments that come with Pondus, or shows one as a file to start from.

            Examples:
              pondus recipes
              pondus recipes show fashion > my.json
            """;
        command.SetAction(result => List(context.Out, result.GetValue(context.Json)));
        Command list = new("list", "Lists the recipes.");
        list.SetAction(result => List(context.Out, result.GetValue(context.Json)));
        Argument<string> name = new("name") { Description = "Name of a recipe." };
        Command show = new("show", "Prints a recipe; with --json every default is filled in and comments are left out.") { name };
        show.SetAction(result =>
        {
            string wanted = result.GetRequiredValue(name);
            context.Out.Write(result.GetValue(context.Json) ? Recipes.Get(wanted).ToJson() : Recipes.Text(wanted));
            return ExitCode.Done;
        });
        command.Add(list);
        command.Add(show);
    }

    private static int List(TextWriter writer, bool json)
    {
        RecipeOutput[] recipes = [.. Recipes.Names.Select(static n => new RecipeOutput(n, Recipes.Summary(n)))];
        if (json)
        {
            OutputJson.Print(writer, new RecipesOutput(recipes), OutputJson.Default.RecipesOutput);
            return ExitCode.Done;
        }

        TextTable table = new();
        foreach (RecipeOutput recipe in recipes)
        {
            table.Add(recipe.Name, recipe.Summary);
        }

        table.Write(writer);
        return ExitCode.Done;
    }
}
