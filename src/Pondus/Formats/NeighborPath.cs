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
        return new[] { home, Folder(Target(path)) }.Any(folder => IsBelow(Real(home, parts), folder)) ? named : null;
    }

    /// <summary>Follows the links of each part of a path.</summary>
    private static string Real(string folder, string[] parts)
    {
        foreach (string part in parts)
        {
            folder = Target(Path.Combine(folder, part));
        }

        return folder;
    }

    private static string Target(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return Path.GetFullPath(info.LinkTarget is null ? path : info.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static bool IsBelow(string path, string folder) => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
