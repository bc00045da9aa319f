using Pondus.Layers;
using Pondus.Tests.Support;
using Xunit;

namespace Pondus.Tests.Layers;

/// <summary>Every layer, one line each, goes through the battery.</summary>
public sealed class LayerBatteryTests
{
    private static readonly LayerCase[] s_all =
    [
        new(r => new Linear(3, 2, r), [4, 3], "Linear(3 -> 2)", [4, 5], "Linear(3 -> 2): expected input of shape (..., 3), got (4, 5)."),
        new(r => new Linear(17, 33, r, useBias: false), [5, 17], "Linear(17 -> 33, no bias)", [], "Linear(17 -> 33, no bias): expected input of shape (..., 17), got ()."),
        new(r => new Linear(12, 1, r), [2, 5, 12], "Linear(12 -> 1)", [2, 3, 4], "Linear(12 -> 1): expected input of shape (..., 12), got (2, 3, 4). Call Flatten(1) first."),
        new(r => new Sequential(new Linear(5, 9, r), new Relu(), new Linear(9, 2, r), new Tanh()), [6, 5], "Sequential(Linear(5 -> 9), Relu(), Linear(9 -> 2), Tanh())", [6, 4], "Linear(5 -> 9): expected input of shape (..., 5), got (6, 4)."),
        new(r => new Sequential(new Flatten(), new Sequential(new Linear(6, 4, r), new Relu()), new Dropout(0.5f, r)), [5, 2, 3], "Sequential(Flatten(), Sequential(Linear(6 -> 4), Relu()), Dropout(0.5))", [5, 7], "Linear(6 -> 4): expected input of shape (..., 6), got (5, 7)."),
        new(r => new Sequential(new Linear(5, 9, r, useBias: false), new Relu()), [2, 5], "Sequential(Linear(5 -> 9, no bias), Relu())", [6, 4], "Linear(5 -> 9, no bias): expected input of shape (..., 5), got (6, 4)."),
        new(_ => new Sequential(), [3, 2], "Sequential()"),
        new(r => new Conv2d(3, 5, 3, r, padding: 1), [2, 3, 6, 5], "Conv2d(3 -> 5, kernel 3, padding 1)", [2, 4, 6, 5], "Conv2d(3 -> 5, kernel 3, padding 1): expected input of shape (batch, 3, height, width), got (2, 4, 6, 5)."),
        new(r => new Conv2d(4, 6, (3, 2), r, stride: (2, 1), padding: (1, 0), dilation: (1, 2), groups: 2, useBias: false), [2, 4, 7, 6], "Conv2d(4 -> 6, kernel 3x2, stride 2x1, padding 1x0, dilation 1x2, groups 2, no bias)", [2, 4, 7, 2], "Conv2d(4 -> 6, kernel 3x2, stride 2x1, padding 1x0, dilation 1x2, groups 2, no bias): expected an input that the kernel fits into, got (2, 4, 7, 2). Use a smaller kernel or more padding."),
        new(r => new Conv2d(2, 3, (2, 3), r, padding: Padding.Same), [3, 2, 4, 4], "Conv2d(2 -> 3, kernel 2x3, padding same)", [2, 4], "Conv2d(2 -> 3, kernel 2x3, padding same): expected input of shape (batch, 2, height, width), got (2, 4)."),
        new(r => new Conv2d(6, 6, 3, r, padding: 1, groups: 6), [2, 6, 5, 4], "Conv2d(6 -> 6, kernel 3, padding 1, groups 6)", [6], "Conv2d(6 -> 6, kernel 3, padding 1, groups 6): expected input of shape (batch, 6, height, width), got (6)."),
        new(r => new Sequential(new Conv2d(2, 4, 3, r), new Relu(), new Conv2d(4, 3, 1, r), new Flatten()), [3, 2, 5, 4], "Sequential(Conv2d(2 -> 4, kernel 3), Relu(), Conv2d(4 -> 3, kernel 1), Flatten())", [3, 1, 5, 4], "Conv2d(2 -> 4, kernel 3): expected input of shape (batch, 2, height, width), got (3, 1, 5, 4)."),
        new(r => new Conv1d(3, 4, 5, r, stride: 2, padding: 2), [2, 3, 9], "Conv1d(3 -> 4, kernel 5, stride 2, padding 2)", [2, 1, 9], "Conv1d(3 -> 4, kernel 5, stride 2, padding 2): expected input of shape (batch, 3, length), got (2, 1, 9)."),
        new(r => new Conv1d(2, 3, 4, r, padding: Padding.Same, dilation: 2), [2, 2, 9], "Conv1d(2 -> 3, kernel 4, padding same, dilation 2)", [3, 9, 1, 1], "Conv1d(2 -> 3, kernel 4, padding same, dilation 2): expected input of shape (batch, 2, length), got (3, 9, 1, 1)."),
        new(r => new ConvTranspose2d(4, 3, 3, r, stride: 2, padding: 1, outputPadding: 1), [2, 4, 3, 4], "ConvTranspose2d(4 -> 3, kernel 3, stride 2, padding 1, output padding 1)", [2, 3, 3, 4], "ConvTranspose2d(4 -> 3, kernel 3, stride 2, padding 1, output padding 1): expected input of shape (batch, 4, height, width), got (2, 3, 3, 4)."),
        new(r => new ConvTranspose2d(4, 6, (2, 3), r, dilation: (2, 1), groups: 2, useBias: false), [2, 4, 3, 4], "ConvTranspose2d(4 -> 6, kernel 2x3, dilation 2x1, groups 2, no bias)", [2, 4, 0, 4], "ConvTranspose2d(4 -> 6, kernel 2x3, dilation 2x1, groups 2, no bias): expected an input of at least one place, got (2, 4, 0, 4)."),
        new(r => new ConvTranspose1d(3, 2, 4, r, stride: 3), [2, 3, 5], "ConvTranspose1d(3 -> 2, kernel 4, stride 3)", [2, 4, 5], "ConvTranspose1d(3 -> 2, kernel 4, stride 3): expected input of shape (batch, 3, length), got (2, 4, 5)."),
        new(_ => new Flatten(), [4, 2, 3], "Flatten()", [], "Flatten: expected an axis in [0, 0), got 1 for shape ()."),
        new(r => new Dropout(0.25f, r), [8, 9], "Dropout(0.25)"),
        new(_ => new Elu(0.5f), [4, 7], "Elu(0.5)"),
        new(_ => new Gelu(), [4, 7], "Gelu()"),
        new(_ => new Gelu(tanhApproximation: true), [4, 7], "Gelu(tanh)"),
        new(_ => new LeakyRelu(0.2f), [4, 7], "LeakyRelu(0.2)"),
        new(_ => new Relu(), [4, 7], "Relu()"),
        new(_ => new Selu(), [4, 7], "Selu()"),
        new(_ => new Sigmoid(), [4, 7], "Sigmoid()"),
        new(_ => new Silu(), [4, 7], "Silu()"),
        new(_ => new MaxPool2d(2), [3, 5, 4, 7], "MaxPool2d(2)", [3, 5, 1, 7], "MaxPool2d(2): expected an input that the window fits into, got (3, 5, 1, 7). Use a smaller window or more padding."),
        new(_ => new MaxPool2d((3, 2), stride: (1, 2), padding: (1, 0), dilation: (2, 1), ceilMode: true), [3, 16, 6, 5], "MaxPool2d(3x2, stride 1x2, padding 1x0, dilation 2x1, ceil)", [4, 7], "MaxPool2d(3x2, stride 1x2, padding 1x0, dilation 2x1, ceil): expected input of shape (batch, channels, height, width), got (4, 7)."),
        new(_ => new MaxPool1d(3, stride: 2, padding: 1), [3, 2, 8], "MaxPool1d(3, stride 2, padding 1)", [2], "MaxPool1d(3, stride 2, padding 1): expected input of shape (batch, channels, length), got (2)."),
        new(_ => new AvgPool2d(2), [3, 5, 4, 6], "AvgPool2d(2)", [3, 5, 4, 6, 1], "AvgPool2d(2): expected input of shape (batch, channels, height, width), got (3, 5, 4, 6, 1)."),
        new(_ => new AvgPool2d(3, stride: 2, padding: 1, countPadding: false), [2, 17, 5, 6], "AvgPool2d(3, stride 2, padding 1)", [2], "AvgPool2d(3, stride 2, padding 1): expected input of shape (batch, channels, height, width), got (2)."),
        new(_ => new AvgPool1d(2, ceilMode: true), [3, 2, 7], "AvgPool1d(2, ceil)", [3, 2, 2, 2], "AvgPool1d(2, ceil): expected input of shape (batch, channels, length), got (3, 2, 2, 2)."),
        new(_ => new AdaptiveAvgPool2d((2, 3)), [2, 3, 5, 7], "AdaptiveAvgPool2d(2x3)", [2, 3, 0, 7], "AdaptiveAvgPool2d(2x3): expected an input that the window fits into, got (2, 3, 0, 7). Use a smaller window or more padding."),
        new(_ => new AdaptiveAvgPool1d(4), [2, 3, 6], "AdaptiveAvgPool1d(4)", [3], "AdaptiveAvgPool1d(4): expected input of shape (batch, channels, length), got (3)."),
        new(_ => new AdaptiveMaxPool2d((2, 3)), [2, 3, 3, 5], "AdaptiveMaxPool2d(2x3)", [2, 3], "AdaptiveMaxPool2d(2x3): expected input of shape (batch, channels, height, width), got (2, 3)."),
        new(_ => new GlobalAvgPool2d(), [2, 5, 3, 4], "GlobalAvgPool2d()", [2, 5], "GlobalAvgPool2d(): expected input of shape (batch, channels, height, width), got (2, 5)."),
        new(_ => new GlobalMaxPool2d(), [2, 5, 3, 4], "GlobalMaxPool2d()", [2, 5], "GlobalMaxPool2d(): expected input of shape (batch, channels, height, width), got (2, 5)."),
        new(_ => new GroupNorm(2, 6), [3, 6, 3, 5], "GroupNorm(2, 6)", [3, 5, 2, 2], "GroupNorm(2, 6): expected input of shape (batch, 6, ...), got (3, 5, 2, 2)."),
        new(_ => new GroupNorm(3, 9, affine: false), [4, 9], "GroupNorm(3, 9, no weight)", [9], "GroupNorm(3, 9, no weight): expected input of shape (batch, 9, ...), got (9)."),
        new(_ => new Sequential(new GroupNorm(4, 32), new Silu()), [2, 32, 3, 3], "Sequential(GroupNorm(4, 32), Silu())", [2, 8, 3, 3], "GroupNorm(4, 32): expected input of shape (batch, 32, ...), got (2, 8, 3, 3)."),
        new(_ => new InstanceNorm1d(3, affine: true), [2, 3, 7], "InstanceNorm1d(3)", [3], "InstanceNorm1d(3): expected input of shape (batch, 3, length), got (3)."),
        new(_ => new InstanceNorm2d(5), [2, 5, 3, 4], "InstanceNorm2d(5, no weight)", [2, 5, 1, 1], "InstanceNorm2d(5, no weight): expected more than one place to take statistics of, got input of shape (2, 5, 1, 1)."),
        new(_ => new Upsample(2), [2, 3, 3, 4], "Upsample(2, nearest)", [3, 4], "Upsample(2, nearest): expected input of shape (batch, channels, height, width), got (3, 4)."),
        new(_ => Upsample.ToSize((5, 3), UpsampleMode.Bilinear, alignCorners: true), [2, 3, 3, 4], "Upsample(to 5x3, bilinear, aligned corners)", [2, 3, 0, 4], "Upsample(to 5x3, bilinear, aligned corners): expected a larger input, got (2, 3, 0, 4)."),
        new(_ => new Upsample(1.5, UpsampleMode.Bicubic), [2, 3, 3, 4], "Upsample(1.5, bicubic)", [], "Upsample(1.5, bicubic): expected input of shape (batch, channels, height, width), got ()."),
        new(_ => new PixelShuffle(2), [2, 8, 3, 4], "PixelShuffle(2)", [2, 6, 3, 4], "PixelShuffle(2): expected input of shape (batch, a multiple of 4, height, width), got (2, 6, 3, 4)."),
        new(_ => new PixelUnshuffle(2), [2, 3, 4, 6], "PixelUnshuffle(2)", [2, 3, 4, 5], "PixelUnshuffle(2): expected input of shape (batch, channels, height, width) with height and width multiples of 2, got (2, 3, 4, 5)."),
        new(_ => new ZeroPad2d(1), [2, 3, 4, 5], "ZeroPad2d(1)", [3, 4], "ZeroPad2d(1): expected input of shape (batch, channels, height, width), got (3, 4)."),
        new(_ => new ConstantPad2d(new PadSize(1, 2, 0, 3), 0.5f), [2, 3, 4, 5], "ConstantPad2d(1, 2, 0, 3, value 0.5)", [2, 3], "ConstantPad2d(1, 2, 0, 3, value 0.5): expected input of shape (batch, channels, height, width), got (2, 3)."),
        new(_ => new ConstantPad1d(new PadSize(-1, 2), 2f), [2, 3, 4], "ConstantPad1d(-1, 2, value 2)", [3], "ConstantPad1d(-1, 2, value 2): expected input of shape (batch, channels, length), got (3)."),
        new(_ => new ReflectionPad2d(2), [2, 3, 4, 5], "ReflectionPad2d(2)", [2, 3, 2, 5], "ReflectionPad2d(2): expected a larger input, got (2, 3, 2, 5)."),
        new(_ => new ReflectionPad1d(3), [2, 3, 4], "ReflectionPad1d(3)", [2, 3, 3], "ReflectionPad1d(3): expected a larger input, got (2, 3, 3)."),
        new(_ => new ReplicationPad2d(2), [2, 3, 4, 5], "ReplicationPad2d(2)", [2, 3, 0, 5], "ReplicationPad2d(2): expected a larger input, got (2, 3, 0, 5)."),
        new(_ => new ReplicationPad1d(5), [2, 3, 4], "ReplicationPad1d(5)", [3], "ReplicationPad1d(5): expected input of shape (batch, channels, length), got (3)."),
        new(r => new Dropout2d(0.4f, r), [3, 8, 4, 3], "Dropout2d(0.4)", [3], "Dropout2d(0.4): expected input of shape (batch, channels, ...), got (3)."),
        new(r => new StochasticDepth(0.4f, r), [8, 3, 2], "StochasticDepth(0.4)", [], "StochasticDepth(0.4): expected input of shape (batch, ...), got ()."),
        new(_ => new PRelu(), [4, 7], "PRelu(1)"),
        new(_ => new PRelu(5), [3, 5, 2, 4], "PRelu(5)", [3, 4], "PRelu(5): expected input of shape (batch, 5, ...), got (3, 4)."),
        new(_ => new Glu(), [4, 6], "Glu(-1)", [4, 5], "Glu(-1): expected an even size along axis -1, got (4, 5)."),
        new(_ => new Glu(1), [3, 4, 5], "Glu(1)", [3], "Glu(1): expected an even size along axis 1, got (3)."),
        new(_ => new Hardsigmoid(), [4, 7], "Hardsigmoid()"),
        new(_ => new Hardswish(), [4, 7], "Hardswish()"),
        new(_ => new Relu6(), [4, 7], "Relu6()"),
        new(_ => new Mish(), [4, 7], "Mish()"),
        new(_ => new LogSigmoid(), [4, 7], "LogSigmoid()"),
        new(_ => new Softsign(), [4, 7], "Softsign()"),
        new(r => new Residual(new Sequential(new Linear(5, 5, r), new Tanh())), [4, 5], "Residual(Sequential(Linear(5 -> 5), Tanh()))", [4, 6], "Linear(5 -> 5): expected input of shape (..., 5), got (4, 6)."),
        new(r => new Residual(new Sequential(new Conv2d(3, 4, 3, r, padding: 1), new BatchNorm2d(4)), new Conv2d(3, 4, 1, r)), [3, 3, 4, 5], "Residual(Sequential(Conv2d(3 -> 4, kernel 3, padding 1), BatchNorm2d(4)), Conv2d(3 -> 4, kernel 1))", [3, 2, 4, 5], "Conv2d(3 -> 4, kernel 1): expected input of shape (batch, 3, height, width), got (3, 2, 4, 5)."),
        new(r => new Concat(1, new Linear(5, 2, r), new Tanh()), [4, 5], "Concat(1, Linear(5 -> 2), Tanh())", [4, 6], "Linear(5 -> 2): expected input of shape (..., 5), got (4, 6)."),
        new(r => new Concat(1, new Conv2d(2, 3, 3, r, padding: 1), new AvgPool2d(3, stride: 1, padding: 1)), [2, 2, 4, 5], "Concat(1, Conv2d(2 -> 3, kernel 3, padding 1), AvgPool2d(3, stride 1, padding 1))", [2, 3, 4, 5], "Conv2d(2 -> 3, kernel 3, padding 1): expected input of shape (batch, 2, height, width), got (2, 3, 4, 5)."),
        new(_ => new BatchNorm1d(7), [5, 7], "BatchNorm1d(7)", [4, 6], "BatchNorm1d(7): expected input of shape (batch, 7) or (batch, 7, length), got (4, 6)."),
        new(_ => new BatchNorm1d(3, momentum: null, affine: false), [4, 3, 5], "BatchNorm1d(3, no weight)", [4, 3, 2, 2], "BatchNorm1d(3, no weight): expected input of shape (batch, 3) or (batch, 3, length), got (4, 3, 2, 2)."),
        new(_ => new BatchNorm2d(3), [4, 3, 5, 6], "BatchNorm2d(3)", [4, 5, 6, 3], "BatchNorm2d(3): expected input of shape (batch, 3, height, width), got (4, 5, 6, 3)."),
        new(_ => new BatchNorm2d(16), [3, 16, 5, 6], "BatchNorm2d(16)", [16, 5, 6], "BatchNorm2d(16): expected input of shape (batch, 16, height, width), got (16, 5, 6)."),
        new(_ => new Sequential(new BatchNorm2d(5), new Relu()), [3, 5, 2, 6], "Sequential(BatchNorm2d(5), Relu())", [3, 4, 2, 6], "BatchNorm2d(5): expected input of shape (batch, 5, height, width), got (3, 4, 2, 6)."),
        new(_ => new LayerNorm([7]), [4, 3, 7], "LayerNorm(7)", [4, 6], "LayerNorm(7): expected input of shape (..., 7), got (4, 6)."),
        new(_ => new LayerNorm([3, 17], useBias: false), [4, 3, 17], "LayerNorm(3, 17, no bias)", [17], "LayerNorm(3, 17, no bias): expected input of shape (..., 3, 17), got (17)."),
        new(_ => new LayerNorm([5], useWeight: false), [4, 5], "LayerNorm(5, no weight)", [], "LayerNorm(5, no weight): expected input of shape (..., 5), got ()."),
        new(_ => new RmsNorm([19]), [4, 19], "RmsNorm(19)", [4, 6], "RmsNorm(19): expected input of shape (..., 19), got (4, 6)."),
        new(_ => new RmsNorm([2, 3], useWeight: false), [4, 2, 3], "RmsNorm(2, 3, no weight)", [6], "RmsNorm(2, 3, no weight): expected input of shape (..., 2, 3), got (6)."),
        new(_ => new Softmax(), [4, 7], "Softmax()", [], "Softmax: expected an axis in [0, 0), got -1 for shape ()."),
        new(_ => new Softplus(), [4, 7], "Softplus()"),
        new(_ => new Heaviside(), [4, 7], "Heaviside()"),
        new(_ => new Tanh(), [4, 7], "Tanh()"),
        new(r => new Rnn(3, 5, r), [4, 6, 3], "Rnn(3 -> 5)", [4, 6, 2], "Rnn(3 -> 5): expected input of shape (batch, time, 3), got (4, 6, 2)."),
        new(r => new Rnn(2, 17, r, layers: 2, useBias: false, bidirectional: true, dropout: 0.25f), [3, 4, 2], "Rnn(2 -> 17, 2 layers, bidirectional, no bias, dropout 0.25)", [3, 2], "Rnn(2 -> 17, 2 layers, bidirectional, no bias, dropout 0.25): expected input of shape (batch, time, 2), got (3, 2)."),
        new(r => new Lstm(3, 5, r), [4, 6, 3], "Lstm(3 -> 5)", [4, 6, 2], "Lstm(3 -> 5): expected input of shape (batch, time, 3), got (4, 6, 2)."),
        new(r => new Lstm(33, 20, r, layers: 2, bidirectional: true, dropout: 0.5f), [5, 3, 33], "Lstm(33 -> 20, 2 layers, bidirectional, dropout 0.5)", [5, 0, 33], "Lstm(33 -> 20, 2 layers, bidirectional, dropout 0.5): expected at least one time step, got input (5, 0, 33)."),
        new(r => new Gru(3, 5, r), [4, 6, 3], "Gru(3 -> 5)", [4, 6, 2], "Gru(3 -> 5): expected input of shape (batch, time, 3), got (4, 6, 2)."),
        new(r => new Gru(4, 33, r, layers: 2, useBias: false, bidirectional: true), [2, 3, 4], "Gru(4 -> 33, 2 layers, bidirectional, no bias)", [4], "Gru(4 -> 33, 2 layers, bidirectional, no bias): expected input of shape (batch, time, 4), got (4)."),
        new(r => new Embedding(7, 5, r), [4, 3], "Embedding(7 x 5)", IndexCount: 7),
        new(r => new MultiheadAttention(12, 3, r), [2, 5, 12], "MultiheadAttention(12, 3 heads)", [5, 12], "MultiheadAttention(12, 3 heads): expected input of shape (batch, tokens, 12), got (5, 12)."),
        new(r => new MultiheadAttention(16, 4, r, new AttentionSettings { KeyHeads = 2, Causal = true, Bias = false, Rotary = RotaryPositions.Halves }), [2, 40, 16], "MultiheadAttention(16, 4 heads, 2 of keys, causal)", [2, 5, 12], "MultiheadAttention(16, 4 heads, 2 of keys, causal): expected input of shape (batch, tokens, 16), got (2, 5, 12)."),
        new(r => new MultiheadAttention(8, 2, r, new AttentionSettings { Causal = true, Rotary = RotaryPositions.Interleaved, Dropout = 0.2f }), [2, 7, 8], "MultiheadAttention(8, 2 heads, causal)", [2, 5, 12], "MultiheadAttention(8, 2 heads, causal): expected input of shape (batch, tokens, 8), got (2, 5, 12)."),
        new(r => new TransformerEncoderLayer(8, 2, r), [3, 6, 8], "TransformerEncoderLayer(8, 2 heads, Relu, norm last)", [2, 8], "MultiheadAttention(8, 2 heads): expected input of shape (batch, tokens, 8), got (2, 8)."),
        new(r => new TransformerEncoderLayer(8, 2, r, new TransformerSettings { NormFirst = true, Activation = TransformerActivation.Gelu, Causal = true, Inner = 10 }), [3, 6, 8], "TransformerEncoderLayer(8, 2 heads, Gelu, norm first, causal)", [2, 3, 9], "LayerNorm(8): expected input of shape (..., 8), got (2, 3, 9)."),
        new(r => new TransformerEncoderLayer(8, 2, r, new TransformerSettings { NormFirst = true, Activation = TransformerActivation.GeluTanh, Dropout = 0.1f }), [3, 6, 8], "TransformerEncoderLayer(8, 2 heads, GeluTanh, norm first)", [2, 8], "MultiheadAttention(8, 2 heads): expected input of shape (batch, tokens, 8), got (2, 8)."),
        new(r => new LearnedPositions(9, 4, r), [2, 5, 4], "LearnedPositions(9 x 4)", [2, 10, 4], "LearnedPositions(9 x 4): expected input of shape (batch, at most 9, 4), got (2, 10, 4)."),
        new(_ => new SinusoidalPositions(9, 5), [2, 6, 5], "SinusoidalPositions(9 x 5)", [2, 6, 4], "SinusoidalPositions(9 x 5): expected input of shape (batch, at most 9, 5), got (2, 6, 4)."),
        new(r => new Embedding(3, 33, r), [65], "Embedding(3 x 33)", IndexCount: 3),
    ];

    public static TheoryData<string> Cases => [.. s_all.Select(static one => one.Printed)];

    [Fact]
    public void Library_PublicLayers_AllHaveACase() => Assert.Equal(
        typeof(Linear).Assembly.GetExportedTypes().Where(static type => type.Namespace == typeof(Linear).Namespace && type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).Select(static type => type.Name).Order(StringComparer.Ordinal),
        s_all.Select(static one => one.Make(new RandomSource(1)).GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_Input_HasTheOutputShapeAndThePrintedForm(string printed) => LayerBattery.OutputShape(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_Input_GivesTheSlope(string printed) => LayerBattery.Gradient(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Constructor_SameSeed_GivesTheSameBits(string printed) => LayerBattery.SameSeed(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Load_SavedWeights_GivesTheSameOutput(string printed) => LayerBattery.SaveAndLoad(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_NoRows_GivesNoRows(string printed) => LayerBattery.EmptyBatch(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_InInference_GivesEachRowTheSameBitsAlone(string printed) => LayerBattery.RowsAlone(Case(printed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_WrongShape_SaysWhatIsExpected(string printed) => LayerBattery.WrongShape(Case(printed));

    private static LayerCase Case(string printed) => s_all.Single(one => one.Printed == printed);
}
