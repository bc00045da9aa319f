using System.Text;
using Pondus.Data;

namespace Pondus.Text;

/// <summary>Reads plain text: UTF-8, in one file or in several that are joined.</summary>
public static class PlainText
{
    private const int MostBytes = 1 << 30;
    private const string LicenseFolder = "/usr/share/common-licenses";
    private static readonly string[] s_licenses = ["GPL-2", "GPL-3", "LGPL-2.1", "GFDL-1.3"];

    /// <summary>Finds a text that the operating system brings: the licenses that Debian keeps (100 kB of English).</summary>
    /// <returns>The files, or none where the system has no such folder.</returns>
    public static IReadOnlyList<string> FindLicenses()
    {
        string[] files = [.. s_licenses.Select(static name => Path.Combine(LicenseFolder, name))];
        return files.All(File.Exists) ? files : [];
    }

    /// <summary>Reads a file, or all files of a folder that end in <c>.txt</c>, in the order of their names.</summary>
    /// <param name="path">The file or the folder.</param>
    /// <returns>The text.</returns>
    /// <exception cref="DataFormatException">The folder holds no text, or a file is no UTF-8.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static string Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            return ReadFiles([path]);
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*.txt").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? ReadFiles(files) : throw new DataFormatException(path, ": expected files that end in .txt, got none.");
    }

    /// <summary>Reads files, one behind the other.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>The text.</returns>
    /// <exception cref="DataFormatException">A file is no UTF-8.</exception>
    /// <exception cref="IOException">A file is missing or not readable.</exception>
    public static string ReadFiles(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        StringBuilder all = new();
        foreach (string path in paths)
        {
            using FileStream file = DataFile.Open(path);
            if (file.Length > MostBytes)
            {
                throw new DataFormatException(path, $": expected at most {MostBytes} bytes of text, got {file.Length}.");
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            all.Append(Decode(path, bytes));
        }

        return all.ToString();
    }

    private static string Decode(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new DataFormatException(path, $" byte {error.Index}: expected UTF-8, got bytes that are none. Convert the file, for instance with iconv.", error);
        }
    }
}
