using System.Text;
using Pondus.Formats;
using Pondus.Formats.PyTorch;
using Pondus.Tests.Data;
using Xunit;
using static Pondus.Tests.Formats.PyTorch.TorchSample;

namespace Pondus.Tests.Formats.PyTorch;

/// <summary>Pickles that ask their reader to run something: named, refused, and nothing happens.</summary>
public sealed class PyTorchThreatTests
{

    public static TheoryData<string, string> Threats => new()
    {
        { "cos\nsystem\n(ARGtR", "os.system" },
        { "cposix\nsystem\n(ARGtR", "posix.system" },
        { "cnt\nsystem\n(ARGtR", "nt.system" },
        { "csubprocess\nPopen\n(ARGtR", "subprocess.Popen" },
        { "cbuiltins\neval\n(ARGtR", "builtins.eval" },
        { "c__builtin__\nexec\n(ARGtR", "__builtin__.exec" },
        { "cbuiltins\ngetattr\n(ARGtR", "builtins.getattr" },
        { "crunpy\nrun_path\n(ARGtR", "runpy.run_path" },
        { "cwebbrowser\nopen\n(ARGtR", "webbrowser.open" },
        { "cimportlib\nimport_module\n(ARGtR", "importlib.import_module" },
        { "cpickle\nloads\n(ARGtR", "pickle.loads" },
        { "ctorch.hub\nload\n(ARGtR", "torch.hub.load" },
        { "ctorch\nload\n(ARGtR", "torch.load" },
        { "ctypes\nFunctionType\n(ARGtR", "types.FunctionType" },
        { "coperator\nattrgetter\n(ARGtR", "operator.attrgetter" },
        // Without being called, created without a call, by the older opcodes, by a name put together on the stack.
        { "cos\nsystem\n", "os.system" },
        { "cos\nsystem\n)\u0081", "os.system" },
        { "cos\nsystem\n)}\u0092", "os.system" },
        { "(ARGios\nsystem\n", "os.system" },
        { "(cos\nsystem\nARGo", "os.system" },
        { "\u008c\u0002os\u008c\u0006system\u0093(ARGtR", "os.system" },
        // A harmless module that has imported a dangerous one.
        { "\u008c\u0005torch\u008c\u0014serialization.os.foo\u0093(ARGtR", "torch.serialization.os.foo" },
        { "\u008c\u0008builtins\u008c\u000beval.__cal_\u0093(ARGtR", "builtins.eval.__cal_" },
        // As what something else is built from.
        { "ccollections\ndefaultdict\ncos\nsystem\n\u0085R", "os.system" },
        { "cfunctools\npartial\ncos\nsystem\n\u0085R", "os.system" },
        { "cmy\nNet\n)\u0081cos\nsystem\nb", "os.system" },
    };

    [Theory]
    [MemberData(nameof(Threats))]
    public void Open_DangerousName_IsRefusedByNameAndNotRun(string operations, string name)
    {
        using TestFolder folder = new();
        string marker = folder.File("marker"), argument = Word($"touch {marker}");
        string path = Archive(folder, operations.Replace("ARG", argument, StringComparison.Ordinal));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Contains($"expected data only, got a pickle that calls {name}. Nothing was run.", error.Message, StringComparison.Ordinal);

        // The byte is that of the opcode which asks for it.
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Contains((char)bytes[error.Offset], "ci\u0093");
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public void Open_DangerousNameBesideTensors_CanBeListedWithARemark()
    {
        using TestFolder folder = new();
        string marker = folder.File("marker");
        string path = Archive(folder, "}(" + Word("w") + Tensor("0", 1, 0, [1], [1]) + Word("x") + "cos\nsystem\n" + Word($"touch {marker}") + "\u0085Ru", 3f);
        using PyTorchFile file = PyTorchFile.Open(path, listThreats: true);
        Assert.Equal([3f], file.ReadSingle("w"));
        WeightRemark remark = Assert.Single(file.Remarks, static remark => remark.Kind == WeightRemarkKind.Threat);
        Assert.Equal("os.system", remark.Subject);
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public void Open_DamagedBehindADangerousName_NamesTheDanger()
    {
        using TestFolder folder = new();
        string path = Archive(folder, Encoding.Latin1.GetBytes(Begin + "cos\nsystem\n\u00ff"));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Contains("os.system", error.Message, StringComparison.Ordinal);
        PickleReport report = PickleReport.Read(path);
        Assert.Equal("os.system", Assert.Single(report.Threats).Name);
        Assert.Contains("got 0xFF", report.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DangerousNameInConstantsOrInTheOlderFormsSystem_IsRefused()
    {
        using TestFolder folder = new();
        string archive = Archive(folder, Pickle("}"), ("constants.pkl", Pickle("cos\nsystem\n)R")));
        Assert.Contains("os.system", Assert.Throws<WeightFormatException>(() => WeightFile.Open(archive)).Message, StringComparison.Ordinal);
        byte[] magic = Pickle("\u008a\u000a\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019");
        string legacy = folder.Write("y.pth", [.. magic, .. Pickle(Integer(1001)), .. Pickle("cos\nsystem\n)R"), .. Pickle("}"), .. Pickle("]")]);
        Assert.Contains("os.system", Assert.Throws<WeightFormatException>(() => WeightFile.Open(legacy)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BarePickle_IsRefusedAndNamesWhatItIsOf()
    {
        using TestFolder folder = new();
        string path = folder.Write("x.pkl", Pickle("csklearn.svm\nSVC\n)\u0081"));
        WeightFormatException error = Assert.Throws<WeightFormatException>(() => WeightFile.Open(path));
        Assert.Contains("got a bare pickle of sklearn.svm.SVC.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_UnknownClass_IsUnknownAndItsTensorsAreListed()
    {
        using TestFolder folder = new();
        string module = "cmy_code\nNet\n)\u0081}(" + Word("training") + "\u0088" + Word("_parameters") + Map("weight", Tensor("0", 1, 0, [1], [1])) + Word("_buffers") + Map("bias", "N")
            + Word("_modules") + "}ub";
        using PyTorchFile file = PyTorchFile.Open(Archive(folder, module, 3f));
        Assert.Equal("weight", Assert.Single(file.Entries).Name);
        Assert.Equal("my_code.Net", Assert.Single(file.Remarks).Subject);
        Assert.Equal(WeightRemarkKind.Threat, file.Remarks[0].Kind);
        Assert.Equal(
            ["my_code.Net Unknown", "torch._utils._rebuild_tensor_v2 Harmless", "torch.FloatStorage Harmless", "collections.OrderedDict Harmless"],
            file.Report.Globals.Select(static global => $"{global.Name} {global.Verdict}"));
    }
}
