using Pondus.Formats.Onnx;

namespace Pondus.Onnx.Operators;

/// <summary>Choices and loops.</summary>
internal static class ControlOperators
{
    internal static void Register(OnnxOperators table)
    {
        table.Add("If", static call => call.Run(call.Graph(Truth(call, call.Input(0)) ? "then_branch" : "else_branch"), []));
        table.Add("Loop", Loop);
        table.Add("Scan", Scan);
    }

    private static bool Truth(OnnxCall call, OnnxValue value) => value is { Type: OnnxType.Bool, Count: 1 } ? value.Data<bool>()[0] : throw call.Error($"expected one truth value, got {value}.");

    private static OnnxValue?[] Loop(OnnxCall call)
    {
        OnnxGraph body = call.Graph("body");
        long trips = call.Optional(0) is { } given ? call.Integer(given) : long.MaxValue;
        bool goes = call.Optional(1) is not { } first || Truth(call, first);
        OnnxValue[] carried = [.. Enumerable.Range(2, Math.Max(0, call.Inputs.Count - 2)).Select(call.Input)];
        List<OnnxValue>[] scanned = [.. Enumerable.Range(0, Math.Max(0, body.Outputs.Count - 1 - carried.Length)).Select(static _ => new List<OnnxValue>())];
        for (long i = 0; i < trips && goes; i++)
        {
            OnnxValue[] outputs = call.Run(body, [OnnxValue.Scalar(i), OnnxValue.Scalar(goes), .. carried]);
            goes = Truth(call, outputs[0]);
            carried = outputs[1..(1 + carried.Length)];
            for (int k = 0; k < scanned.Length; k++)
            {
                scanned[k].Add(outputs[1 + carried.Length + k]);
            }
        }

        return [.. carried, .. scanned.Select((items, k) => Stack(call, items, 0, body.Outputs[1 + carried.Length + k]))];
    }

    private static OnnxValue?[] Scan(OnnxCall call)
    {
        if (call.Opset < 9)
        {
            return BatchScan(call);
        }

        return Scan(call, [.. Enumerable.Range(0, call.Inputs.Count).Select(call.Input)]);
    }

    // Version 8 had lengths as its first input and a batch axis in front of everything.
    private static OnnxValue?[] BatchScan(OnnxCall call)
    {
        OnnxValue[] inputs = [.. Enumerable.Range(1, call.Inputs.Count - 1).Select(call.Input)];
        int batch = inputs[0].Shape[0];
        List<OnnxValue>[] outputs = [.. Enumerable.Range(0, call.OutputCount).Select(static _ => new List<OnnxValue>())];
        for (int sample = 0; sample < batch; sample++)
        {
            OnnxValue?[] one = Scan(call, Array.ConvertAll(inputs, input => At(input, 0, sample)));
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i].Add(one[i]!);
            }
        }

        return Array.ConvertAll(outputs, items => (OnnxValue?)Stack(call, items, 0, null));
    }

    private static OnnxValue?[] Scan(OnnxCall call, OnnxValue[] inputs)
    {
        OnnxGraph body = call.Graph("body");
        int scans = (int)call.Int("num_scan_inputs", 1), states = inputs.Length - scans;
        if (scans < 1 || states < 0)
        {
            throw call.Error($"expected from 1 to {inputs.Length} scanned inputs, got {scans}.");
        }

        long[] inputAxes = call.Ints("scan_input_axes") ?? new long[scans], inputWays = call.Ints("scan_input_directions") ?? call.Ints("directions") ?? new long[scans];
        int results = body.Outputs.Count - states;
        long[] outputAxes = call.Ints("scan_output_axes") ?? new long[results], outputWays = call.Ints("scan_output_directions") ?? new long[results];
        int[] axes = [.. Enumerable.Range(0, scans).Select(k => call.Axis(inputAxes[k], inputs[states + k].Rank))];
        int length = inputs[states].Shape[axes[0]];
        OnnxValue[] carried = inputs[..states];
        List<OnnxValue>[] scanned = [.. Enumerable.Range(0, results).Select(static _ => new List<OnnxValue>())];
        for (int i = 0; i < length; i++)
        {
            OnnxValue[] outputs = call.Run(body, [.. carried, .. Enumerable.Range(0, scans).Select(k => At(inputs[states + k], axes[k], inputWays[k] != 0 ? length - 1 - i : i))]);
            carried = outputs[..states];
            for (int k = 0; k < results; k++)
            {
                scanned[k].Insert(outputWays[k] != 0 ? 0 : scanned[k].Count, outputs[states + k]);
            }
        }

        return [.. carried, .. scanned.Select((items, k) => Stack(call, items, outputAxes[k], body.Outputs[states + k]))];
    }

    private static OnnxValue At(OnnxValue value, int axis, int index) =>
        EngineValues.PickAlong(value, axis, [index]).Reshaped([.. value.Shape[..axis], .. value.Shape[(axis + 1)..]]);

    private static OnnxValue Stack(OnnxCall call, List<OnnxValue> items, long axis, OnnxValueInfo? info)
    {
        if (items.Count == 0)
        {
            OnnxType type = info?.TypeInfo?.Type is { } known and not OnnxType.Undefined ? known : OnnxType.Float;
            int[] sizes = [0, .. (info?.TypeInfo?.Dims ?? []).Select(static dim => (int)(dim.Size ?? 0))];
            return Movement.Pick(Elements.OfDoubles(type == OnnxType.String ? OnnxType.Float : type, [0], 1), sizes, []);
        }

        int place = call.Axis(axis, items[0].Rank + 1);
        OnnxValue[] rows = [.. items.Select(item => item.Reshaped([.. item.Shape[..place], 1, .. item.Shape[place..]]))];
        return EngineValues.Takes(rows)
            ? OnnxValue.Of(Tensor.Concatenate(place, [.. rows.Select(static row => row.AsTensor())]))
            : Movement.Concat(call, rows, place);
    }
}
