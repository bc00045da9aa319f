namespace Pondus.Benchmarks.Report;

/// <summary>Where the sources lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pondus.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new IOException("bench: expected to run inside the repository, got no Pondus.slnx above the program.");
    }
}
