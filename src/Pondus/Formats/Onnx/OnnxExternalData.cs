using System.Globalization;

namespace Pondus.Formats.Onnx;

/// <summary>The files beside a model in which its tensors may lie: only in its folder and below.</summary>
internal sealed class OnnxExternalData(string modelPath, List<WeightRemark> remarks) : IDisposable
{
    private const int MaxKeptOpen = 64;
    private const int MaxLinks = 40;

    private readonly Dictionary<string, RandomAccessFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? string.Empty;

    /// <summary>Gives the reader of a tensor's bytes; null, with a remark, when the file is not there.</summary>
    public WeightBytesReader? Reader(string tensor, Dictionary<string, string> settings, long bytes, long at)
    {
        string location = settings.GetValueOrDefault("location") ?? string.Empty;
        long offset = Number(tensor, settings, "offset", 0, at);
        long length = Number(tensor, settings, "length", bytes, at);
        string path = Resolve(tensor, location, at);
        if (length != bytes)
        {
            throw Error(at, $"tensor '{tensor}': expected {bytes} bytes in '{location}', got a length of {length}.");
        }

        if (!File.Exists(path))
        {
            if (_missing.Add(location))
            {
                remarks.Add(new WeightRemark(WeightRemarkKind.Refused, location, $"Tensors lie in the file '{location}', which is not beside the model: tensor '{tensor}' and others of it cannot be read."));
            }

            return null;
        }

        long fileBytes = new FileInfo(path).Length;
        return offset <= fileBytes - length
            ? (from, destination) => Read(path, offset + from, destination)
            : throw Error(at, $"tensor '{tensor}': expected {length} bytes from {offset} in '{location}', got a file of {fileBytes} bytes.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (RandomAccessFile file in _files.Values)
            {
                file.Dispose();
            }
        }
    }

    private static RandomAccessFile Open(string path) => RandomAccessFile.Open(path, "a file of external tensor data");

    private static bool IsPlain(string location)
    {
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal) || location.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        return !location.Split('/', '\\').Any(static part => part is "" or "..");
    }

    // A file a tensor is common: beyond some, files are closed again.
    private void Read(string path, long offset, Span<byte> destination)
    {
        RandomAccessFile? file;
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out file) && _files.Count < MaxKeptOpen)
            {
                file = Open(path);
                _files.Add(path, file);
            }
        }

        if (file is not null)
        {
            file.Read(offset, destination);
            return;
        }

        using RandomAccessFile brief = Open(path);
        brief.Read(offset, destination);
    }

    private string Resolve(string tensor, string location, long at)
    {
        Queue<string> parts = IsPlain(location) ? new(location.Split('/', '\\')) : [];
        string path = _folder;
        int links = 0;
        while (parts.TryDequeue(out string? part))
        {
            string next = Path.Combine(path, part);
            if (new FileInfo(next).LinkTarget is not { } link)
            {
                path = next;
                continue;
            }

            // Followed a link at a time, so that none on the way leads out unseen.
            string target = Path.GetRelativePath(_folder, Path.GetFullPath(link, path));
            if (!IsPlain(target) || ++links > MaxLinks)
            {
                throw Error(at, $"tensor '{tensor}': expected external data in the model's folder or below it, got '{location}', a link that leads out. It was not opened.");
            }

            parts = new(target.Split('/', '\\').Concat(parts));
            path = _folder;
        }

        return path != _folder
            ? path
            : throw Error(at, $"tensor '{tensor}': expected external data in the model's folder or below it, got '{location}'. It was not opened.");
    }

    private long Number(string tensor, Dictionary<string, string> settings, string key, long missing, long at)
    {
        if (!settings.TryGetValue(key, out string? text))
        {
            return missing;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Error(at, $"tensor '{tensor}': expected external data's {key} as a number of at least 0, got '{text}'.");
    }

    private WeightFormatException Error(long at, string message) => new(modelPath, at, message);
}
