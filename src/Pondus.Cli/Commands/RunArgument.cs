namespace Pondus.Cli.Commands;

/// <summary>Checks a folder that is said to hold a run.</summary>
internal static class RunArgument
{
    public static string Check(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder}: expected the folder of a run, got nothing there. See pondus runs.");
        }

        return File.Exists(Path.Combine(folder, "run.json"))
            ? folder
            : throw new FileNotFoundException($"{folder}: expected the folder of a run, got one without run.json. See pondus runs.");
    }
}
