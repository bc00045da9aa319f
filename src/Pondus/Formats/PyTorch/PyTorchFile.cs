using Pondus.Formats.Archives;

namespace Pondus.Formats.PyTorch;

/// <summary>An open PyTorch file: what <c>torch.save</c>, <c>torch.jit.save</c>, <c>torch.export.save</c> or a distributed checkpoint wrote.</summary>
/// <remarks>
/// <para>The pickles in it are interpreted into data: no class is imported, no function called, no code in the file read.</para>
/// <para>Source: torch/serialization.py and caffe2/serialize/inline_container.cc of PyTorch 2.13; see FORMAT.md beside this file.</para>
/// </remarks>
/// <example><code>
/// using PyTorchFile file = PyTorchFile.Open("resnet20.pth");
/// float[] weight = file.ReadSingle("conv1.weight");
/// </code></example>
public sealed class PyTorchFile : WeightFile
{
    private readonly List<RandomAccessFile> _files;
    private readonly StorageCache _cache;

    private PyTorchFile(string path, TorchContent content)
        : base(path)
    {
        _files = content.Files;
        _cache = content.Entries.Cache;
        Report = content.Report;
        Entries = content.Entries.Entries;
        Metadata = content.Metadata;
        List<WeightRemark> remarks = [.. content.Entries.Remarks];
        remarks.AddRange(content.Report.Globals.Where(static global => global.Verdict != PickleVerdict.Harmless).Select(static global =>
            new WeightRemark(WeightRemarkKind.Threat, global.Name, global.Verdict == PickleVerdict.Dangerous
                ? $"asked for at byte {global.Offset}: a program that runs pickles would call it. It was not run."
                : $"asked for at byte {global.Offset}: a program that runs pickles would import it and run its code. Nothing was built; what it holds is listed.")));
        Remarks = remarks;
    }

    /// <inheritdoc/>
    public override string Format => "pytorch";

    /// <summary>Gets what the file's pickles ask for.</summary>
    public PickleReport Report { get; }

    /// <summary>Opens a file; one whose pickle would run code in a loader that runs pickles is refused.</summary>
    /// <param name="path">The file, or the folder of a distributed checkpoint.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule, or asks for something dangerous; the message names the byte and the tensor or function.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static new PyTorchFile Open(string path) => Open(path, listThreats: false);

    /// <summary>Opens a file, if wanted also one that asks for something dangerous: its tensors need nothing to be run.</summary>
    /// <param name="path">The file, or the folder of a distributed checkpoint.</param>
    /// <param name="listThreats">Whether dangerous names become remarks instead of an error.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="WeightFormatException">The file breaks a rule; the message names the byte and the tensor.</exception>
    /// <exception cref="IOException">The file is missing or not readable.</exception>
    public static PyTorchFile Open(string path, bool listThreats) => Open(path, new PickleReport(), listThreats);

    internal static PyTorchFile Open(string path, PickleReport report, bool listThreats)
    {
        TorchContent content = new(report);
        try
        {
            if (Directory.Exists(path))
            {
                DistributedCheckpoint.Read(path, content);
            }
            else if (System.IO.Path.GetFileName(path) == DistributedCheckpoint.MetadataFile)
            {
                DistributedCheckpoint.Read(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, content);
            }
            else
            {
                RandomAccessFile file = RandomAccessFile.Open(path, "a PyTorch file");
                content.Files.Add(file);
                Read(file, content);
            }

            if (!listThreats)
            {
                report.ThrowOnThreat(path);
            }

            return new PyTorchFile(path, content);
        }
        catch (Exception error)
        {
            content.Files.ForEach(static file => file.Dispose());
            if (error is WeightFormatException && !listThreats)
            {
                // What a damaged file would have run matters more than where it is damaged.
                report.ThrowOnThreat(path);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cache.Clear();
        _files.ForEach(static file => file.Dispose());
    }

    private static void Read(RandomAccessFile file, TorchContent content)
    {
        byte[] head = file.ReadBytes(0, Math.Min(file.Length, 4), "its beginning");
        if (head.AsSpan().StartsWith("PK"u8))
        {
            ZipIndex zip = new(file);
            if (ExportedProgram.IsOne(zip))
            {
                ExportedProgram.Read(file, zip, content);
            }
            else
            {
                TorchArchive.Read(file, zip, content);
            }
        }
        else
        {
            LegacyTorch.Read(file, content);
        }
    }
}
