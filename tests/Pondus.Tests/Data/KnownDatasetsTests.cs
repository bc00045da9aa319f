using System.Net;
using System.Security.Cryptography;
using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class KnownDatasetsTests
{
    [Fact]
    public void Get_Misspelt_NamesTheNearest()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => KnownDatasets.Get("fashion-mnits"));
        Assert.StartsWith("Data sets: expected one of fashion-mnist, got 'fashion-mnits'. Did you mean 'fashion-mnist'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FashionMnist_HasItsSizesAndHashes()
    {
        string folder = KnownDatasets.Find("fashion-mnist") ?? "";
        Assert.SkipWhen(folder.Length == 0, "Fashion-MNIST is not installed (apt-get install dataset-fashion-mnist)");
        KnownDataset known = KnownDatasets.Get("fashion-mnist");
        Dataset train = known.LoadTrain(folder), test = known.LoadTest(folder);
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal([1, 28, 28], train.InputShape);
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(6000, train.Labels!.Count(item => item == label)));
        foreach (KnownFile file in known.Files)
        {
            using FileStream packed = File.OpenRead(Path.Combine(folder, file.Name));
            using System.IO.Compression.GZipStream content = new(packed, System.IO.Compression.CompressionMode.Decompress);
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }

    [Fact]
    public async Task Fetch_GoodFiles_ArriveInTheCache()
    {
        using TestFolder cache = new();
        using Server server = new(file => new HttpResponseMessage { Content = new ByteArrayContent(Content(file)) });
        using HttpClient client = new(server);
        List<FetchProgress> reports = [];
        string folder = await DatasetFetcher.FetchAsync(Small(), cache.FullPath, client, new Recorder(reports), CancellationToken.None);
        Assert.Equal(cache.File("small"), folder);
        Assert.Equal(["small"], cache.Names());
        Assert.True(Small().IsIn(folder));
        Assert.Equal(Content("b.gz"), File.ReadAllBytes(Path.Combine(folder, "b.gz")));
        Assert.Contains(new FetchProgress("a.gz", Content("a.gz").Length, Content("a.gz").Length), reports);
    }

    [Fact]
    public async Task Fetch_ChangedFile_IsRefusedAndLeavesNothing()
    {
        using TestFolder cache = new();
        using Server server = new(file => new HttpResponseMessage { Content = new ByteArrayContent(Content(file is "c.gz" ? "x.gz" : file)) });
        using HttpClient client = new(server);
        IOException error = await Assert.ThrowsAsync<IOException>(() => DatasetFetcher.FetchAsync(Small(), cache.FullPath, client, null, CancellationToken.None));
        Assert.Equal(
            $"small: expected to fetch http://localhost/c.gz, got: a file whose content has SHA-256 {Hash("x.gz")} instead of {Hash("c.gz")}. "
            + "On Debian and Ubuntu it is a package: apt-get install dataset-small",
            error.Message);
        Assert.Empty(cache.Names());
    }

    [Fact]
    public async Task Fetch_ServerError_NamesThePackageAndLeavesNothing()
    {
        using TestFolder cache = new();
        using Server server = new(file => new HttpResponseMessage(file is "d.gz" ? HttpStatusCode.NotFound : HttpStatusCode.OK) { Content = new ByteArrayContent(Content(file)) });
        using HttpClient client = new(server);
        IOException error = await Assert.ThrowsAsync<IOException>(() => DatasetFetcher.FetchAsync(Small(), cache.FullPath, client, null, CancellationToken.None));
        Assert.StartsWith("small: expected to fetch http://localhost/d.gz, got: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". On Debian and Ubuntu it is a package: apt-get install dataset-small", error.Message, StringComparison.Ordinal);
        Assert.Empty(cache.Names());
    }

    [Fact]
    public async Task Fetch_Canceled_LeavesNothing()
    {
        using TestFolder cache = new();
        using CancellationTokenSource source = new();
        using Server server = new(file =>
        {
            if (file is "b.gz")
            {
                source.Cancel();
            }

            return new HttpResponseMessage { Content = new ByteArrayContent(Content(file)) };
        });
        using HttpClient client = new(server);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatasetFetcher.FetchAsync(Small(), cache.FullPath, client, null, source.Token));
        Assert.Empty(cache.Names());
    }

    private static KnownDataset Small() => new("small", "four files", "MIT", "dataset-small", "/nowhere", ["a"], File4("a.gz"), File4("b.gz"), File4("c.gz"), File4("d.gz"));

    private static KnownFile File4(string name) => new(name, new Uri($"http://localhost/{name}"), Hash(name));

    private static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    private static byte[] Content(string name) => IdxFileTests.Compressed(System.Text.Encoding.UTF8.GetBytes(name));

    private sealed class Server(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(answer(request.RequestUri!.Segments[^1]));
        }
    }

    private sealed class Recorder(List<FetchProgress> reports) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => reports.Add(value);
    }
}
