using System.IO.Compression;
using System.Text;
using Pondus.Tests.Data;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Writes pickles opcode by opcode, and the archives around them. Each letter of a text is one byte.</summary>
internal static class TorchSample
{
    /// <summary>Protocol 2.</summary>
    public const string Begin = "\u0080\u0002";

    /// <summary>A text: opcode BINUNICODE.</summary>
    public static string Word(string text) => "X" + Bytes4(Encoding.UTF8.GetByteCount(text)) + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>A whole number: opcode BININT, or LONG1 where it does not fit.</summary>
    public static string Integer(long value) => value is >= int.MinValue and <= int.MaxValue
        ? "J" + Bytes4((int)value)
        : "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    public static string Integers(params long[] values) => "(" + string.Concat(values.Select(Integer)) + "t";

    public static string Bytes4(int value) => Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    /// <summary>A reference to a storage.</summary>
    public static string Storage(string key, long count, string type = "FloatStorage", string device = "cpu") =>
        "(" + Word("storage") + $"ctorch\n{type}\n" + Word(key) + Word(device) + Integer(count) + "tQ";

    /// <summary>A tensor: a window on a storage.</summary>
    public static string Tensor(string key, long count, long start, long[] shape, long[] strides, string type = "FloatStorage") =>
        "ctorch._utils\n_rebuild_tensor_v2\n(" + Storage(key, count, type) + Integer(start) + Integers(shape) + Integers(strides) + "\u0089ccollections\nOrderedDict\n)RtR";

    /// <summary>A dictionary of one key.</summary>
    public static string Map(string key, string value) => "}" + Word(key) + value + "s";

    /// <summary>A whole pickle.</summary>
    public static byte[] Pickle(string operations) => Encoding.Latin1.GetBytes(Begin + operations + ".");

    /// <summary>The bytes of float32 values.</summary>
    public static byte[] Singles(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>An archive of torch.save; keys of storages are taken from the folder <c>data</c>.</summary>
    public static string Archive(TestFolder folder, byte[] pickle, params (string Member, byte[] Bytes)[] members)
    {
        string path = folder.File("x.pt");
        using FileStream stream = File.Create(path);
        using ZipArchive zip = new(stream, ZipArchiveMode.Create);
        foreach ((string member, byte[] bytes) in members.Prepend(("data.pkl", pickle)))
        {
            using Stream target = zip.CreateEntry("x/" + member, CompressionLevel.NoCompression).Open();
            target.Write(bytes);
        }

        return path;
    }

    /// <summary>An archive of a pickle, written by its operations, and one storage <c>0</c> of float32 values.</summary>
    public static string Archive(TestFolder folder, string operations, params float[] values) => Archive(folder, Pickle(operations), ("data/0", Singles(values)));

    /// <summary>The older form: five pickles, then the storages.</summary>
    public static string Legacy(TestFolder folder, string operations, string keys, byte[] storages)
    {
        byte[] magic = Pickle("\u008a\u000a\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019"), version = Pickle(Integer(1001)), system = Pickle("}");
        return folder.Write("x.pth", [.. magic, .. version, .. system, .. Pickle(operations), .. Pickle(keys), .. storages]);
    }
}
