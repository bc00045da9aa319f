using System.IO.Compression;
using System.Security.Cryptography;

namespace Pondus.Data;

/// <summary>Downloads the files of a data set beside their place, checks them, and moves them there when all are good.</summary>
internal static class DatasetFetcher
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Fetches a data set into <paramref name="cache"/>/name.</summary>
    internal static async Task<string> FetchAsync(
        KnownDataset known, string cache, HttpClient client, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(cache, known.Name), beside = $"{folder}.{Guid.NewGuid():N}.tmp";
        string step = cache;
        try
        {
            Directory.CreateDirectory(beside);
            foreach (KnownFile file in known.Files)
            {
                step = file.Address.ToString();
                string path = Path.Combine(beside, file.Name);
                await DownloadAsync(file, path, client, progress, cancellationToken);
                await CheckAsync(file, path, cancellationToken);
            }

            step = folder;
            Directory.CreateDirectory(folder);
            foreach (KnownFile file in known.Files)
            {
                File.Move(Path.Combine(beside, file.Name), Path.Combine(folder, file.Name), overwrite: true);
            }

            return folder;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException or InvalidDataException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            string cause = error is OperationCanceledException ? "no answer in time." : error.Message.TrimEnd('.') + ".";
            throw new IOException(
                $"{known.Name}: expected to fetch {step}, got: {cause} On Debian and Ubuntu it is a package: apt-get install {known.Package}", error);
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    private static async Task DownloadAsync(KnownFile file, string path, HttpClient client, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync(file.Address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        long? total = response.Content.Headers.ContentLength;
        await using Stream source = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using FileStream target = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);
        byte[] buffer = new byte[BufferBytes];
        long received = 0;
        for (int count; (count = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            received += count;
            progress?.Report(new FetchProgress(file.Name, received, total));
        }

        target.Flush(flushToDisk: true);
    }

    private static async Task CheckAsync(KnownFile file, string path, CancellationToken cancellationToken)
    {
        await using FileStream packed = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
        await using Stream content = file.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionMode.Decompress) : packed;
        string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (!string.Equals(found, file.Sha256, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"a file whose content has SHA-256 {found} instead of {file.Sha256}");
        }
    }
}
