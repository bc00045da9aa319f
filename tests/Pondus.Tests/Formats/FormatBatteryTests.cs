using Pondus.Formats;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Formats;

/// <summary>Each format, in one line, through all that every format must do.</summary>
public sealed class FormatBatteryTests
{
    private static readonly FormatCase[] s_cases =
    [
        new("safetensors") { Files = ["fixtures/safetensors/names_metadata_edges.safetensors"] },
        new("hdf5") { Files = ["fixtures/hdf5/types.h5", "fixtures/hdf5/chunks_earliest.h5", "fixtures/hdf5/attributes_latest.h5", "fixtures/hdf5/paged.h5"] },
        new("keras") { NamePattern = "layers/{0}/vars/0", Files = ["fixtures/keras/nested.keras", "fixtures/keras/nested.h5", "fixtures/keras/bfloat16.weights.h5"] },
        new("npy") { IsSingle = true, Files = ["fixtures/numpy/structured.npy", "fixtures/numpy/fortran.npy", "fixtures/numpy/dtype_be_c16.npy"] },
        new("npz") { Files = ["fixtures/numpy/compressed.npz", "fixtures/numpy/with_object.npz"] },
        new("gguf") { Files = ["fixtures/gguf/metadata.gguf", "fixtures/gguf/kquants_iquants.gguf", "fixtures/gguf/big_endian.gguf", "fixtures/gguf/nested_arrays.gguf", "fixtures/gguf/version1_handmade.gguf", "weights/stories260k/stories260k-q8_0.gguf"] },
        new("msgpack") { Files = ["fixtures/jax/chunked.msgpack", "fixtures/jax/types.msgpack"] },
        new("sharded") { Files = ["fixtures/safetensors/gpt2_sharded/model.safetensors.index.json"] },
        new("onnx") { Files = ["fixtures/onnx/cnn_float_data.onnx", "fixtures/onnx/all_types.onnx", "fixtures/onnx/text_constants.onnx", "fixtures/onnx/gru_torchscript.onnx"] },
    ];

    public static TheoryData<string> Names => [.. s_cases.Select(static one => one.Name)];

    public static TheoryData<string> Written => [.. s_cases.Select(static one => one.Name).Where(static name => WeightFormats.Find(name)!.CanWrite)];

    [Theory]
    [MemberData(nameof(Written))]
    public void Save_EveryTypeThatTheFormatHolds_OpensBitForBit(string name) => FormatBattery.RoundTrip(Case(name));

    [Theory]
    [MemberData(nameof(Written))]
    public void Save_OddNames_ComeBackOrAreRefused(string name) => FormatBattery.OddNames(Case(name));

    [Theory]
    [MemberData(nameof(Written))]
    public void Save_FailureInTheMiddle_LeavesTheOldFile(string name) => FormatBattery.Atomic(Case(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Open_CutOrFlippedAnywhere_ReadsOrRefuses(string name) => FormatBattery.CutOrFlipped(Case(name));

    private static FormatCase Case(string name) => Array.Find(s_cases, one => string.Equals(one.Name, name, StringComparison.Ordinal))!;
}
