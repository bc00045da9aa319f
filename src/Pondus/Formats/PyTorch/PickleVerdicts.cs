namespace Pondus.Formats.PyTorch;

/// <summary>Judges the names that pickles ask for. What is not listed is unknown, never harmless.</summary>
/// <remarks>
/// Source: the modules and functions of Python's library index that start programs, run code, load files or reach other names;
/// PyTorch's own list of safe globals (torch._weights_only_unpickler).
/// </remarks>
internal static class PickleVerdicts
{
    private static readonly HashSet<string> s_dangerousModules = new(StringComparer.Ordinal)
    {
        "os", "nt", "posix", "ntpath", "posixpath", "sys", "subprocess", "_posixsubprocess", "runpy", "webbrowser", "importlib", "imp", "zipimport", "pkgutil",
        "pty", "commands", "popen2", "shutil", "socket", "_socket", "ssl", "ctypes", "_ctypes", "cffi", "code", "codeop", "timeit", "trace", "cProfile", "profile",
        "pdb", "bdb", "pydoc", "doctest", "idlelib", "tkinter", "turtle", "multiprocessing", "concurrent", "asyncio", "threading", "_thread", "signal", "gc",
        "urllib", "urllib2", "http", "httplib", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "nntplib", "xmlrpc", "requests", "httpx", "aiohttp", "paramiko",
        "pexpect", "sh", "fabric", "pickle", "_pickle", "cPickle", "pickletools", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle", "pip", "ensurepip", "venv",
        "setuptools", "distutils", "site", "tempfile", "fileinput", "linecache", "sqlite3", "platform", "inspect", "atexit", "lib2to3", "curses", "cgi",
        "_osx_support", "_aix_support", "_pyrepl", "io", "_io", "codecs", "mmap", "fcntl", "resource", "glob", "zipfile", "tarfile", "winreg", "msvcrt", "_winapi",
    };

    private static readonly HashSet<string> s_dangerousBuiltins = new(StringComparer.Ordinal)
    {
        "eval", "exec", "execfile", "compile", "open", "file", "input", "raw_input", "__import__", "getattr", "setattr", "delattr", "globals", "locals", "vars", "dir",
        "breakpoint", "apply", "reload", "exit", "quit", "help", "map", "filter",
    };

    private static readonly HashSet<string> s_dangerous = new(StringComparer.Ordinal)
    {
        "functools.reduce", "operator.attrgetter", "operator.methodcaller", "operator.itemgetter", "_operator.attrgetter", "_operator.methodcaller", "_operator.itemgetter",
        "types.CodeType", "types.FunctionType", "types.LambdaType", "types.MethodType", "types.ModuleType", "types.DynamicClassAttribute", "uuid._get_command_stdout",
        "torch.load", "torch.serialization.load", "torch.jit.load", "torch.package.PackageImporter", "torch.fx.graph_module.reduce_graph_module",
        "torch.fx.graph_module.reduce_package_graph_module", "torch.fx.graph_module.reduce_deploy_graph_module", "torch.fx.graph_module._forward_from_src",
        "torch.utils.collect_env.run", "torch.utils._config_module.ConfigModule.load_config", "torch.storage._load_from_bytes", "torch.ops.load_library",
        "numpy.load", "numpy.fromfile", "numpy.memmap", "numpy.core.memmap.memmap", "pandas.read_pickle", "pandas.eval",
    };

    private static readonly string[] s_dangerousPrefixes =
    [
        "torch.hub.", "torch.utils.cpp_extension.", "torch.utils.bottleneck.", "torch._inductor.", "torch._dynamo.", "torch.distributed.rpc.", "torch.distributed.elastic.",
        "torch.utils._sympy.", "torch.testing.", "torch.utils.model_dump.", "torch.multiprocessing.", "numpy.testing.", "numpy.f2py.", "numpy.distutils.",
        "sklearn.externals.", "tensorflow.", "pandas.io.", "IPython.", "logging.config.", "test.support.", "transformers.dynamic_module_utils.",
    ];

    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "collections.Counter", "collections.defaultdict", "collections.deque", "_codecs.encode", "argparse.Namespace", "types.SimpleNamespace",
        "copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copy_reg.__newobj__",
        "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "fractions.Fraction", "uuid.UUID",
        "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath", "pathlib.PureWindowsPath",
        "pathlib._local.PosixPath", "pathlib._local.WindowsPath", "pathlib._local.PurePosixPath", "pathlib._local.PureWindowsPath",
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
        "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer", "numpy.ndarray", "numpy.dtype", "ml_dtypes.bfloat16",
        "torch.Size", "torch.device", "torch.Tensor", "torch.nn.parameter.Parameter", "torch.nn.Parameter", "torch.nn.parameter.Buffer", "torch.serialization._get_layout",
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state", "torch._utils._rebuild_qtensor", "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_sparse_csr_tensor",
        "torch._utils._rebuild_meta_tensor_no_storage", "torch._utils._rebuild_nested_tensor", "torch._utils._rebuild_device_tensor_from_numpy",
        "torch._utils._rebuild_device_tensor_from_cpu_tensor", "torch._tensor._rebuild_from_type", "torch._tensor._rebuild_from_type_v2", "torch.tensor._rebuild_from_type",
        "torch.per_tensor_affine", "torch.per_channel_affine", "torch.per_channel_affine_float_qparams", "torch.per_tensor_symmetric", "torch.per_channel_symmetric",
        "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist",
        "torch.jit._pickle.build_tensorlist", "torch.jit._pickle.build_tensor_from_id", "torch.storage.UntypedStorage", "torch.UntypedStorage", "torch.storage.TypedStorage",
    };

    private static readonly HashSet<string> s_harmlessBuiltins = new(StringComparer.Ordinal)
    {
        "list", "tuple", "dict", "set", "frozenset", "bytearray", "bytes", "int", "long", "float", "complex", "bool", "str", "unicode", "object", "slice", "range", "xrange", "NoneType",
    };

    /// <summary>Judges a name.</summary>
    internal static PickleVerdict Of(string module, string name)
    {
        string full = $"{module}.{name}";
        string top = module.Split('.')[0];
        if (top is "builtins" or "__builtin__" or "__builtins__")
        {
            return s_harmlessBuiltins.Contains(name) ? PickleVerdict.Harmless
                : s_dangerousBuiltins.Contains(name) || name.Contains('.') || IsHidden(name) ? PickleVerdict.Dangerous
                : PickleVerdict.Unknown;
        }

        // TorchScript's class names are the archive's own: no loader of pickles finds them.
        if (top == "__torch__")
        {
            return PickleVerdict.Harmless;
        }

        if (s_harmless.Contains(full) || TorchTypes.OfGlobal(full) is not null || TorchTypes.IsStorage(full) || IsCheckpointClass(full))
        {
            return PickleVerdict.Harmless;
        }

        return s_dangerousModules.Contains(top) || s_dangerous.Contains(full) || Array.Exists(s_dangerousPrefixes, full.StartsWith) || ReachesAround(name)
            ? PickleVerdict.Dangerous
            : PickleVerdict.Unknown;
    }

    // From protocol 4 on a name may have dots, which walk from a harmless module to any other that it has imported.
    private static bool ReachesAround(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length > 1 && Array.Exists(parts, static part => s_dangerousModules.Contains(part) || s_dangerousBuiltins.Contains(part) || part == "builtins" || IsHidden(part));
    }

    private static bool IsHidden(string part) => part.StartsWith("__", StringComparison.Ordinal) && part.EndsWith("__", StringComparison.Ordinal);

    private static bool IsCheckpointClass(string full) =>
        full.StartsWith("torch.distributed.checkpoint.metadata.", StringComparison.Ordinal) || full == "torch.distributed.checkpoint.filesystem._StorageInfo";
}
