using Pondus.Experiments.Settings;

namespace Pondus.Experiments;

/// <summary>Pictures and labels in IDX files, packed by gzip or not.</summary>
/// <remarks>
/// <para>The files are those of a known data set (<see cref="Dataset"/>) or of a folder (<see cref="Path"/>); pixels are scaled to [0, 1].</para>
/// </remarks>
public sealed record IdxDataSettings : DataSettings
{
    /// <inheritdoc/>
    public override string Source => "idx";

    /// <summary>Gets the name of a known data set, such as <c>fashion-mnist</c>, which is looked up and fetched when needed.</summary>
    public string? Dataset { get; init; }

    /// <summary>Gets the folder of the files; it goes before <see cref="Dataset"/>.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the file of pictures, with or without <c>.gz</c>.</summary>
    public string Images { get; init; } = "train-images-idx3-ubyte";

    /// <summary>Gets the file of labels.</summary>
    public string Labels { get; init; } = "train-labels-idx1-ubyte";

    /// <summary>Gets the file of test pictures, or null when the test part is split off.</summary>
    public string? TestImages { get; init; } = "t10k-images-idx3-ubyte";

    /// <summary>Gets the file of test labels, or null when the test part is split off.</summary>
    public string? TestLabels { get; init; } = "t10k-labels-idx1-ubyte";

    /// <summary>Gets the labels to keep, which become 0, 1, ...; null keeps all.</summary>
    public IReadOnlyList<int>? Classes { get; init; }

    internal override DataSettings VisitSource(Fields f)
    {
        IdxDataSettings visited = this with
        {
            Dataset = f.Get("dataset", Dataset, Kinds.Optional(Kinds.Text("the name of a data set")), "Name of a known data set; `pondus data` lists them."),
            Path = f.Get("path", Path, Kinds.Optional(Kinds.Path("a folder")), "Folder of the files; it goes before dataset."),
            Images = f.Get("images", Images, Kinds.Text("the name of a file"), "File of pictures, with or without .gz."),
            Labels = f.Get("labels", Labels, Kinds.Text("the name of a file"), "File of labels, with or without .gz."),
            TestImages = f.Get("testImages", TestImages, Kinds.Optional(Kinds.Text("the name of a file")), "File of test pictures; null when the test part is split off."),
            TestLabels = f.Get("testLabels", TestLabels, Kinds.Optional(Kinds.Text("the name of a file")), "File of test labels; null when the test part is split off."),
            Classes = f.Get("classes", Classes, Kinds.Optional(Kinds.List(Kinds.Integer(0), minimumCount: 1)), "Labels to keep; they become 0, 1, ..."),
        };
        f.Check(visited.Dataset is not null || visited.Path is not null, "path", "a folder, or the name of a data set in dataset", "nothing");
        f.Check(visited.TestImages is null == visited.TestLabels is null, "testLabels", "both testImages and testLabels, or neither", "one of them");
        return visited;
    }
}
