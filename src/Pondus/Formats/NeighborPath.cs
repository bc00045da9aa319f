namespace Pondus.Formats;

/// <summary>Paths that a file names of other files: beside it or below its folder, and nowhere else.</summary>
internal static class NeighborPath
{
    /// <summary>Gives the full path; null when it leads out of the folder, by its name or by a symbolic link.</summary>
    /// <remarks>A file that is itself a link may also name what lies beside its target: that is how caches share files.</remarks>
    /// <param name="path">The file that names another.</param>
    /// <param name="relative">The name that it gives.</param>
    public static string? Resolve(string path, string relative)
    {
        string[] parts = relative.Split('/', '\\');
        if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative)
            || Array.Exists(parts, static part => part is ".." or "" || part.Contains(':', StringComparison.Ordinal)))
        {
            return null;
        }

        string home = Folder(path), named = Path.Combine([home, .. parts]);
        return Real(named) is { } real && Array.Exists([Real(home), Real(path) is { } target ? Folder(target) : null], folder => folder is not null && IsBelow(real, folder)) ? named : null;
    }

    /// <summary>Follows the links of each part of a path as the system does, those within links too; null when they do not end.</summary>
    private static string? Real(string path)
    {
        const int mostLinks = 40;
        string at = Path.GetPathRoot(Path.GetFullPath(path))!;
        Stack<string> waiting = Parts(Path.GetFullPath(path));
        for (int links = 0; waiting.TryPop(out string? part);)
        {
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? at;
                continue;
            }

            string next = Path.Combine(at, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > mostLinks)
            {
                return null;
            }

            at = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : at;
            foreach (string inner in Parts(target).Reverse())
            {
                waiting.Push(inner);
            }
        }

        return at;
    }

    // The first part on top.
    private static Stack<string> Parts(string path) =>
        new(path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Where(static part => part is not ("" or ".")).Reverse());

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static bool IsBelow(string path, string folder) => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
