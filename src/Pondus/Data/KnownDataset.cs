namespace Pondus.Data;

/// <summary>A public data set: where it comes from and how to know that it is the right one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="License">Its license.</param>
/// <param name="Package">The Debian package that installs it.</param>
/// <param name="PackageFolder">Where that package puts it.</param>
/// <param name="ClassNames">Name of each label.</param>
/// <param name="TrainImages">Pictures to train on.</param>
/// <param name="TrainLabels">Their labels.</param>
/// <param name="TestImages">Pictures to test on.</param>
/// <param name="TestLabels">Their labels.</param>
public sealed record KnownDataset(
    string Name,
    string Description,
    string License,
    string Package,
    string PackageFolder,
    IReadOnlyList<string> ClassNames,
    KnownFile TrainImages,
    KnownFile TrainLabels,
    KnownFile TestImages,
    KnownFile TestLabels)
{
    /// <summary>Gets all its files.</summary>
    public IReadOnlyList<KnownFile> Files => [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>Tells whether a folder has all its files; their content is not looked at.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>True when it has.</returns>
    public bool IsIn(string folder) => Files.All(file => File.Exists(Path.Combine(folder, file.Name)));

    /// <summary>Reads the training part from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    /// <exception cref="IOException">A file is missing or not readable.</exception>
    public Dataset LoadTrain(string folder) => Load(folder, TrainImages, TrainLabels);

    /// <summary>Reads the test part from a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    /// <exception cref="IOException">A file is missing or not readable.</exception>
    public Dataset LoadTest(string folder) => Load(folder, TestImages, TestLabels);

    private Dataset Load(string folder, KnownFile images, KnownFile labels) =>
        ImageDataset.Load(Path.Combine(folder, images.Name), Path.Combine(folder, labels.Name), new ImageOptions { ClassNames = ClassNames });
}
