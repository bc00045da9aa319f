namespace Pondus.Data;

/// <summary>The data sets that Pondus knows by name: finds them where they lie, or fetches them.</summary>
public static class KnownDatasets
{
    private const string FashionHome = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<KnownDataset> All { get; } =
    [
        new(
            "fashion-mnist",
            "70,000 pictures of clothes, 28x28 gray, 10 classes (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747)",
            "MIT",
            "dataset-fashion-mnist",
            "/usr/share/datasets/fashion-mnist",
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            Fashion("train-images-idx3-ubyte.gz", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            Fashion("train-labels-idx1-ubyte.gz", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
            Fashion("t10k-images-idx3-ubyte.gz", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
            Fashion("t10k-labels-idx1-ubyte.gz", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
    ];

    /// <summary>Gets the folder of fetched data sets: <c>$PONDUS_DATA</c>, else <c>~/.cache/pondus/data</c>.</summary>
    public static string CacheFolder => Environment.GetEnvironmentVariable("PONDUS_DATA") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "pondus", "data");

    /// <summary>Gives a data set by name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What is known of it.</returns>
    /// <exception cref="ArgumentException">No data set has this name.</exception>
    public static KnownDataset Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(item => string.Equals(item.Name, name, StringComparison.Ordinal))
            ?? throw new ArgumentException(
                $"Data sets: expected one of {string.Join(", ", All.Select(item => item.Name))}, got '{name}'.{NearestName.Hint(name, All.Select(item => item.Name))}",
                nameof(name));
    }

    /// <summary>Finds a data set on this machine: in the cache folder, else where Debian's package puts it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The folder, or null.</returns>
    /// <exception cref="ArgumentException">No data set has this name.</exception>
    public static string? Find(string name)
    {
        KnownDataset known = Get(name);
        string cached = Path.Combine(CacheFolder, known.Name);
        return known.IsIn(cached) ? cached : known.IsIn(known.PackageFolder) ? known.PackageFolder : null;
    }

    /// <summary>Fetches a data set from its home page into the cache folder and checks it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="progress">Hears how far it is, or null.</param>
    /// <param name="cancellationToken">Stops it; nothing is left behind.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="ArgumentException">No data set has this name.</exception>
    /// <exception cref="IOException">The fetch failed; nothing is left behind.</exception>
    public static async Task<string> FetchAsync(string name, IProgress<FetchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using HttpClient client = new();
        return await DatasetFetcher.FetchAsync(Get(name), CacheFolder, client, progress, cancellationToken);
    }

    private static KnownFile Fashion(string file, string sha256) => new(file, new Uri(FashionHome + file), sha256);
}
