using System.Globalization;
using System.Text;
using Pondus.Formats;
using Pondus.Formats.Onnx;
using Pondus.Onnx;
using Pondus.Tests.Support;

namespace Pondus.Tests.Onnx;

/// <summary>onnxruntime through Node: what it gives for a graph and inputs.</summary>
internal static class OnnxJudge
{
    // Values go in and out as files of raw numbers; a line a value says name, type and sizes.
    private const string Script = """
        const fs = require('fs'), ort = require(process.cwd() + '/node_modules/onnxruntime-node');
        const [model, folder] = process.argv.slice(1);
        const arrays = {float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array, uint8: Uint8Array, int8: Int8Array, bool: Uint8Array};
        (async () => {
          const session = await ort.InferenceSession.create(model), feeds = {};
          for (const line of fs.readFileSync(folder + '/inputs.txt', 'utf8').split('\n').filter(x => x)) {
            const [name, file, type, dims] = line.split('\t');
            const bytes = fs.readFileSync(folder + '/' + file);
            const copy = new Uint8Array(bytes).buffer;
            feeds[name] = new ort.Tensor(type, new arrays[type](copy), dims ? dims.split(',').map(Number) : []);
          }
          const results = await session.run(feeds), lines = [];
          for (const name of session.outputNames) {
            const value = results[name], file = 'out' + lines.length;
            fs.writeFileSync(folder + '/' + file, Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength));
            lines.push([name, file, value.type, value.dims.join(',')].join('\t'));
          }
          fs.writeFileSync(folder + '/outputs.txt', lines.join('\n'));
        })();
        """;

    /// <summary>Runs a graph.</summary>
    public static Dictionary<string, OnnxValue> Run(string model, IReadOnlyDictionary<string, OnnxValue> inputs)
    {
        string folder = Directory.CreateTempSubdirectory("pondus-onnx-").FullName;
        try
        {
            StringBuilder lines = new();
            foreach ((string name, OnnxValue value) in inputs)
            {
                string file = $"in{lines.Length}";
                File.WriteAllBytes(Path.Combine(folder, file), value.ToEntry(name).ReadBytes());
                lines.Append(CultureInfo.InvariantCulture, $"{name}\t{file}\t{OnnxTypes.Name(value.Type)}\t{string.Join(',', value.Shape)}\n");
            }

            File.WriteAllText(Path.Combine(folder, "inputs.txt"), lines.ToString());
            NodePackages.RunNode(Script, model, folder);
            return File.ReadAllLines(Path.Combine(folder, "outputs.txt")).Select(static line => line.Split('\t')).ToDictionary(
                static parts => parts[0],
                parts => OnnxValue.Of(new WeightEntry(parts[0], parts[2], [.. parts[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static size => long.Parse(size, CultureInfo.InvariantCulture))], File.ReadAllBytes(Path.Combine(folder, parts[1])))),
                StringComparer.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
