using Pondus.Runs;
using Xunit;

namespace Pondus.Cli.Tests;

/// <summary>Bad input is one clear line, status 1 or 2, and nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("missing file", "points.csv: expected a file, got no such file.")]
    [InlineData("folder for a file", "points.csv: expected a file, got a folder.")]
    [InlineData("NaN", "points.csv line 3, column 'x': expected a finite number, got 'NaN'.")]
    [InlineData("text", "points.csv line 3, column 'x': expected a finite number, got 'about 3'.")]
    [InlineData("infinity", "points.csv line 3, column 'x': expected a finite number, got '1e39'.")]
    [InlineData("empty cell", "points.csv line 3, column 'x': expected a finite number, got an empty cell.")]
    [InlineData("empty class", "points.csv line 2, column 'kind': expected a class, got an empty cell.")]
    [InlineData("ragged rows", "points.csv line 4: expected 4 cells as in line 1, got 3.")]
    [InlineData("open quote", "points.csv line 3: expected cells with paired quotes, got a stray or an open one.")]
    [InlineData("zero rows", "points.csv: expected at least 1 row below the header, got 0.")]
    [InlineData("empty file", "points.csv: expected at least 1 row, got 0.")]
    [InlineData("no such column", "points.csv: expected a column 'kind', got 4 columns without it. Did you mean 'kinds'?")]
    [InlineData("more to keep than there is", "data.split: expected validation and test to leave training samples of 3, got 0 and 30.")]
    public async Task Train_BadTable_IsOneLine(string situation, string message)
    {
        const string Good = "id,x,y,kind\n1,0,0,zero\n2,3,0,east\n3,0,3,north\n";
        string? table = situation switch
        {
            "missing file" or "folder for a file" => null,
            "NaN" => Good.Replace("2,3,", "2,NaN,", StringComparison.Ordinal),
            "text" => Good.Replace("2,3,", "2,about 3,", StringComparison.Ordinal),
            "infinity" => Good.Replace("2,3,", "2,1e39,", StringComparison.Ordinal),
            "empty cell" => Good.Replace("2,3,", "2,,", StringComparison.Ordinal),
            "empty class" => Good.Replace("zero", string.Empty, StringComparison.Ordinal),
            "ragged rows" => Good.Replace(",north", string.Empty, StringComparison.Ordinal),
            "open quote" => Good.Replace("east", "\"east", StringComparison.Ordinal),
            "zero rows" => "id,x,y,kind\n",
            "empty file" => string.Empty,
            "no such column" => Good.Replace("kind", "kinds", StringComparison.Ordinal),
            _ => Good,
        };
        _folder.Write("e.json", Samples.PointsExperiment);
        if (table is not null)
        {
            _folder.Write("points.csv", table);
        }
        else if (situation == "folder for a file")
        {
            Directory.CreateDirectory(At("points.csv"));
        }

        await AssertRefusedAsync(message.StartsWith("points.csv", StringComparison.Ordinal) ? $"{_folder.Path}/{message}" : message);
    }

    [Theory]
    [InlineData("missing labels", "labels: expected a file, got no such file.")]
    [InlineData("cut short", "images: expected 1280 bytes for (80, 4, 4) of UInt8, got 1000. The file is cut short.")]
    [InlineData("cut short in its head", "images: expected 3 sizes, got the end of the file. It is cut short.")]
    [InlineData("gzip cut short", "images.gz: expected 1280 bytes for (80, 4, 4) of UInt8, got *")]
    [InlineData("gzip changed", "images.gz: expected gzip data, got a damaged stream. The file is cut short or changed.")]
    [InlineData("gzip of a file cut short", "images.gz: expected 1280 bytes for (80, 4, 4) of UInt8, got 1000. The file is cut short.")]
    [InlineData("too long", "images: expected 1280 bytes for (80, 4, 4) of UInt8, got 1281. There are bytes after the last value.")]
    [InlineData("sizes beyond memory", "images: expected at most 268435448 values, got sizes beyond that, 4294967295 at axis 0.")]
    [InlineData("not IDX", "images: expected an IDX file (bytes 0, 0, type, rank), got something else.")]
    [InlineData("swapped", "images: expected pictures (count, height, width), got (80). Are the two files swapped?")]
    [InlineData("fewer labels", "labels: expected 80 labels, one for each picture of @/pictures/images, got 79.")]
    [InlineData("zero samples", "labels: expected at least 1 sample with a kept label, got 0.")]
    public async Task Train_BadPictures_IsOneLine(string situation, string message)
    {
        (byte[] images, byte[] labels) = Samples.Pictures(80);
        byte[] huge = [.. images];
        huge.AsSpan(4, 12).Fill(255);
        (byte[] Images, byte[] Labels) = situation switch
        {
            "cut short" or "gzip of a file cut short" => (images[..1016], labels),
            "cut short in its head" => (images[..10], labels),
            "gzip cut short" => (Samples.Zip(images)[..200], labels),
            "gzip changed" => ([.. Samples.Zip(images)[..100], .. new byte[1000]], labels),
            "too long" => ([.. images, 0], labels),
            "sizes beyond memory" => (huge, labels),
            "not IDX" => ("It was a dark and stormy night."u8.ToArray(), labels),
            "swapped" => (labels, images),
            "fewer labels" => (images, IdxWriter.Make(labels[9..], 79)),
            "zero samples" => (IdxWriter.Make([], 0, 4, 4), IdxWriter.Make([], 0)),
            _ => (images, labels),
        };
        _folder.Write("e.json", Samples.PicturesExperiment);
        bool isZipped = situation.StartsWith("gzip", StringComparison.Ordinal);
        _folder.Write($"pictures/images{(isZipped ? ".gz" : string.Empty)}", situation == "gzip of a file cut short" ? Samples.Zip(Images) : Images);
        if (situation != "missing labels")
        {
            _folder.Write("pictures/labels", Labels);
        }

        await AssertRefusedAsync($"{_folder.Path}/pictures/{message.Replace("@", _folder.Path, StringComparison.Ordinal)}");
    }

    [Theory]
    [InlineData("labels out of range", "model: expected an output of 8 values, one for each class, got (2).")]
    [InlineData("labels that are not there", "@/pictures/labels: expected kept labels from 0 to 1, each once, got 7.", "--set", "data.classes=[0,7]")]
    [InlineData("wrong size", "model[1].in: expected 16, the size of what comes in, got 17.", "--set", "model[1].in=17")]
    [InlineData("no Flatten", "model[0]: expected an input of one axis, with Flatten before the first Linear, got samples of (1, 4, 4).", "--set", "model=[{\"type\":\"Linear\",\"out\":2}]")]
    [InlineData("wrong loss", "loss.type: expected CrossEntropy, since the target has 2 classes, got MeanSquaredError.", "--set", "loss=MeanSquaredError")]
    [InlineData("wrong metric", "metrics: expected metrics of classes such as Accuracy, since classes are learned, got RSquared.", "--set", "metrics=[\"RSquared\"]")]
    [InlineData("missing weights", "@/nothing.safetensors: expected a weights file, got no *", "--from", "nothing.safetensors")]
    [InlineData("weights that are none", "@/e.json at byte 0: *", "--from", "e.json")]
    [InlineData("out is a file", "--out: expected a new or empty folder, got e.json which is a file, or name another folder.", "--out", "e.json")]
    public async Task Train_WhatDoesNotFit_IsOneLine(string situation, string message, params string[] args)
    {
        (byte[] images, byte[] labels) = Samples.Pictures(80);
        if (situation == "labels out of range")
        {
            labels[^1] = 7;
        }

        _folder.Write("e.json", Samples.PicturesExperiment);
        _folder.Write("pictures/images", images);
        _folder.Write("pictures/labels", labels);
        await AssertRefusedAsync(message.Replace("@", _folder.Path, StringComparison.Ordinal), args);
    }

    [Fact]
    public async Task Train_FullDisk_IsOneLineAndNothingHalfWritten()
    {
        string mount = At("small");
        Directory.CreateDirectory(mount);
        if (!OperatingSystem.IsLinux() || await ShellAsync("mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", mount) != 0)
        {
            Assert.Skip("mounting a small disk takes root on Linux");
        }

        try
        {
            // 100,867 weights: the first checkpoint needs over a megabyte.
            ToolResult result = await Tool.RunInAsync(_folder.Path, "train", "letters", "--quiet", "--epochs", "1", "--out", "small/run");
            Assert.Equal("pondus: small/run/checkpoints/latest.safetensors: expected to write this file, got: the disk is full. The file was left as it was.\n", result.Error);
            Assert.Equal((1, string.Empty), (result.Status, result.Out));
            Assert.Equal("failed", RunRecord.Read(At("small/run/run.json")).State);
            string[] files = [.. Directory.GetFiles(mount, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Select(static f => f!.Split(".out.")[0]).Order(StringComparer.Ordinal)];
            Assert.Equal(["events", "experiment.json", "run.json"], files);

            // No room at all: not even the folder of the run stays.
            File.WriteAllBytes(At("small/filler"), new byte[new DriveInfo(mount).AvailableFreeSpace / 4096 * 4096]);
            ToolResult none = await Tool.RunInAsync(_folder.Path, "train", "line", "--quiet", "--out", "small/none");
            Assert.Equal("pondus: small/none/experiment.json: expected to write this file, got: the disk is full. The file was left as it was.\n", none.Error);
            Assert.False(Directory.Exists(At("small/none")));
        }
        finally
        {
            await ShellAsync("umount", mount);
        }
    }

    [Fact]
    public async Task Train_FullOutput_IsOneLine()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("/dev/full is a device of Linux");
        }

        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Pondus.Cli.dll")}' recipes > /dev/full"]) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, "pondus: No space left on device\n"), (shell.ExitCode, error[..Math.Min(32, error.Length)].TrimEnd() + "\n"));
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("x,y\n1,2\n3,NaN\n", "in.csv line 3, column 'y': expected a finite number, got 'NaN'.")]
    [InlineData("x\n1\n", "in.csv: expected 2 columns as in the training data, with or without the target, got 1.")]
    [InlineData("p,q,r,s,t,u\n1,2,3,4,5,6\n", "in.csv: expected a column 'id', got 6 columns without it.")]
    [InlineData("x,y\n", "in.csv: expected at least 1 row below the header, got 0.")]
    [InlineData(null, "in.csv: expected a file, got no such file.")]
    public async Task Predict_BadTable_IsOneLine(string? table, string message)
    {
        Samples.Write(_folder, "points");
        Assert.Equal(0, (await Tool.RunInAsync(_folder.Path, "train", "points.json", "--quiet", "--out", "run")).Status);
        if (table is not null)
        {
            _folder.Write("in.csv", table);
        }

        ToolResult result = await Tool.RunInAsync(_folder.Path, "predict", "run", "in.csv");
        Assert.Equal((1, string.Empty, $"pondus: {message}\n"), (result.Status, result.Out, result.Error));
    }

    [Theory]
    [InlineData("run.json", "{ \"half\": ", "run/run.json: expected the record of a run, got JSON that does not fit: ")]
    [InlineData("experiment.json", "{ \"half\": ", "run/experiment.json: line 1, column ")]
    [InlineData("weights.safetensors", "half", "run/weights.safetensors at byte 0: expected ")]
    public async Task Evaluate_DamagedRun_IsOneLine(string file, string content, string message)
    {
        Samples.Write(_folder, "points");
        Assert.Equal(0, (await Tool.RunInAsync(_folder.Path, "train", "points.json", "--quiet", "--out", "run")).Status);
        _folder.Write($"run/{file}", content);
        string[] args = file == "run.json" ? ["train", "points.json", "--out", "run", "--resume"] : ["evaluate", "run"];
        ToolResult result = await Tool.RunInAsync(_folder.Path, args);
        Assert.StartsWith($"pondus: {message}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Equal((1, string.Empty), (result.Status, result.Out));
    }

    /// <summary>Trains by the file e.json into the folder run: one line, no run, nothing that was not there.</summary>
    private async Task AssertRefusedAsync(string message, params string[] args)
    {
        string[] before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);
        string[] place = args.Contains("--out") ? [] : ["--out", "run"];
        ToolResult result = await Tool.RunInAsync(_folder.Path, ["train", "e.json", .. place, .. args]);
        string expected = $"pondus: {message}\n";
        if (message.EndsWith('*'))
        {
            Assert.StartsWith(expected[..^2], result.Error, StringComparison.Ordinal);
            Assert.Single(result.Error.TrimEnd().Split('\n'));
        }
        else
        {
            Assert.Equal(expected, result.Error);
        }

        Assert.Equal(string.Empty, result.Out);
        Assert.InRange(result.Status, 1, 2);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }

    private static async Task<int> ShellAsync(string program, params string[] args)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, args) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private string At(string name) => Path.Combine(_folder.Path, name);
}
