using Pondus.Data;
using Xunit;

namespace Pondus.Tests.Data;

public sealed class ImageDatasetTests
{
    [Fact]
    public void Load_Bytes_AreScaledAndOnePlane()
    {
        using TestFolder folder = new();
        (string images, string labels) = Write(folder, [3, 1, 2], [0, 255, 51, 102, 10, 20], [2, 0, 1]);
        Dataset data = ImageDataset.Load(images, labels);
        Assert.Equal([1, 1, 2], data.InputShape);
        Assert.Equal([0f, 1f, 51 / 255f, 102 / 255f, 10 / 255f, 20 / 255f], data.Inputs);
        Assert.Equal([2, 0, 1], data.Labels!);
        Assert.Equal(["0", "1", "2"], data.ClassNames);
    }

    [Fact]
    public void Load_KeptLabels_DropsTheOthersAndRenumbers()
    {
        using TestFolder folder = new();
        (string images, string labels) = Write(folder, [3, 1, 1], [0, 51, 255], [2, 0, 1]);
        Dataset data = ImageDataset.Load(images, labels, new ImageOptions { ClassNames = ["a", "b", "c"], KeptLabels = [1, 2] });
        Assert.Equal([0f, 1f], data.Inputs);
        Assert.Equal([1, 0], data.Labels!);
        Assert.Equal(["b", "c"], data.ClassNames);
    }

    [Fact]
    public void Load_Colors_BecomePlanes()
    {
        using TestFolder folder = new();
        // One picture of two pixels: (1, 2, 3) and (4, 5, 6).
        (string images, string labels) = Write(folder, [1, 1, 2, 3], [1, 2, 3, 4, 5, 6], [0]);
        Dataset data = ImageDataset.Load(images, labels);
        Assert.Equal([3, 1, 2], data.InputShape);
        Assert.Equal([1 / 255f, 4 / 255f, 2 / 255f, 5 / 255f, 3 / 255f, 6 / 255f], data.Inputs);
    }

    [Fact]
    public void Load_LabelOutOfRange_NamesTheSample()
    {
        using TestFolder folder = new();
        (string images, string labels) = Write(folder, [2, 1, 1], [0, 1], [0, 3]);
        DataFormatException error = Assert.Throws<DataFormatException>(() => ImageDataset.Load(images, labels, new ImageOptions { ClassNames = ["a", "b"] }));
        Assert.Equal($"{labels}: expected labels from 0 to 1, got 3 at sample 1.", error.Message);
    }

    [Fact]
    public void Load_OtherCountSwappedOrEmpty_IsRefused()
    {
        using TestFolder folder = new();
        (string images, string labels) = Write(folder, [2, 1, 1], [0, 1], [0]);
        Assert.Equal(
            $"{labels}: expected 2 labels, one for each picture of {images}, got 1.",
            Assert.Throws<DataFormatException>(() => ImageDataset.Load(images, labels)).Message);
        Assert.Equal(
            $"{labels}: expected pictures (count, height, width), got (1). Are the two files swapped?",
            Assert.Throws<DataFormatException>(() => ImageDataset.Load(labels, images)).Message);
        (images, labels) = Write(folder, [0, 1, 1], [], []);
        Assert.Equal(
            $"{labels}: expected at least 1 sample with a kept label, got 0.",
            Assert.Throws<DataFormatException>(() => ImageDataset.Load(images, labels)).Message);
    }

    [Fact]
    public void Load_NotMnist_HasAThousandOfEachLetter()
    {
        Dataset data = ImageDataset.Load(
            OptionalData.Require("images/notmnist/t10k-images-idx3-ubyte.gz"),
            OptionalData.Require("images/notmnist/t10k-labels-idx1-ubyte.gz"),
            new ImageOptions { ClassNames = [.. "ABCDEFGHIJ".Select(letter => $"{letter}")], KeptLabels = [0, 1, 2] });
        Assert.Equal(["A", "B", "C"], data.ClassNames);
        Assert.Equal([1000, 1000, 1000], Enumerable.Range(0, 3).Select(label => data.Labels!.Count(item => item == label)));
        Assert.Equal([1, 28, 28], data.InputShape);
        Assert.Equal(1f, data.Inputs.Max());
    }

    private static (string Images, string Labels) Write(TestFolder folder, byte[] sizes, byte[] pixels, byte[] labels)
    {
        byte[] head = [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(size => (byte[])[0, 0, 0, size])];
        return (folder.Write("images", [.. head, .. pixels]), folder.Write("labels", [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels]));
    }
}
