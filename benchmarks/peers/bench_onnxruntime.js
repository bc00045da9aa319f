// infer_mlp (784-512-256-10) or infer_cnn (two convolutions) in onnxruntime, called without promises and with outputs bound beforehand.
//   node bench_onnxruntime.js WORKLOAD [--batch N] [--threads N] [--seconds S]      prints one JSON line
// overhead_us is the time of a model that only copies ten numbers, in the same process: the price of a call from JavaScript.
'use strict';
const path = require('path');
const os = require('os');

const peers = process.env.PONDUS_PEERS || path.join(os.homedir(), '.cache', 'pondus-peers');
const home = path.join(peers, 'node', 'node_modules', 'onnxruntime-node');
if (!require('fs').existsSync(home)) {
  console.error(`bench_onnxruntime.js: expected onnxruntime-node in ${home}, got no such folder: it is not installed, see README.md`);
  process.exit(1);
}
const ort = require(home);
const { binding, initOrt } = require(path.join(home, 'dist', 'binding.js'));
const WARM_UP_SECONDS = 1.5;

function option(name, fallback) {
  const at = process.argv.indexOf('--' + name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

// The few parts of protobuf that an ONNX file needs: numbers, and fields of bytes.
function varint(value) {
  const bytes = [];
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value = Math.floor(value / 128);
  }
  return Buffer.from([...bytes, value]);
}
function field(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
  const content = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}
function tensor(name, shape, values) {
  return Buffer.concat([...shape.map((n) => field(1, n)), field(2, 1), field(8, name), field(9, Buffer.from(values.buffer))]);
}
function valueInfo(name, shape) {
  const sizes = Buffer.concat(shape.map((n) => field(1, field(1, n))));
  return Buffer.concat([field(1, name), field(2, field(1, Buffer.concat([field(1, 1), field(2, sizes)])))]);
}
function attribute([name, value]) {
  const content = Array.isArray(value) ? [...value.map((n) => field(8, n)), field(20, 7)] : [field(3, value), field(20, 2)];
  return field(5, Buffer.concat([field(1, name), ...content]));
}
function node(operation, inputs, output, settings = {}) {
  const attributes = Object.entries(settings).map(attribute);
  return Buffer.concat([...inputs.map((name) => field(1, name)), field(2, output), field(4, operation), ...attributes]);
}
function model(nodes, weights, input, output) {
  const graph = Buffer.concat([
    ...nodes.map((n) => field(1, n)), field(2, 'g'), ...weights.map((w) => field(5, w)), field(11, input), field(12, output),
  ]);
  return Buffer.concat([field(1, 8), field(7, graph), field(8, field(2, 13))]);
}

// Weight and bias of a layer, uniform within one over the root of its inputs.
function layer(i, shape) {
  const inputs = shape.slice(1).reduce((a, b) => a * b);
  const draw = (count) => new Float32Array(count).map(() => (2 * Math.random() - 1) / Math.sqrt(inputs));
  return [tensor('w' + i, shape, draw(shape[0] * inputs)), tensor('b' + i, [shape[0]], draw(shape[0]))];
}

function convolutions(batch) {
  const convolution = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const pooling = { kernel_shape: [2, 2], strides: [2, 2] };
  const nodes = [
    node('Conv', ['x', 'w0', 'b0'], 'c0', convolution), node('Relu', ['c0'], 'r0'), node('MaxPool', ['r0'], 'p0', pooling),
    node('Conv', ['p0', 'w1', 'b1'], 'c1', convolution), node('Relu', ['c1'], 'r1'), node('MaxPool', ['r1'], 'p1', pooling),
    node('Flatten', ['p1'], 'f'), node('Gemm', ['f', 'w2', 'b2'], 'h', { transB: 1 }), node('Relu', ['h'], 'r'),
    node('Gemm', ['r', 'w3', 'b3'], 'y', { transB: 1 }),
  ];
  const weights = [layer(0, [32, 1, 3, 3]), layer(1, [64, 32, 3, 3]), layer(2, [128, 3136]), layer(3, [10, 128])].flat();
  return model(nodes, weights, valueInfo('x', [batch, 1, 28, 28]), valueInfo('y', [batch, 10]));
}

function perceptron(batch) {
  const sizes = [784, 512, 256, 10];
  const nodes = [];
  const weights = [];
  let from = 'x';
  for (let i = 0; i < 3; i++) {
    weights.push(...layer(i, [sizes[i + 1], sizes[i]]));
    const to = i === 2 ? 'y' : 'h' + i;
    nodes.push(node('Gemm', [from, 'w' + i, 'b' + i], to, { transB: 1 }));
    from = to;
    if (i < 2) {
      nodes.push(node('Relu', [from], 'r' + i));
      from = 'r' + i;
    }
  }
  return model(nodes, weights, valueInfo('x', [batch, 784]), valueInfo('y', [batch, 10]));
}

function caller(bytes, inputShape, outputShape, threads) {
  const session = new binding.InferenceSession();
  const copy = new Uint8Array(bytes);
  session.loadModel(copy.buffer, 0, copy.byteLength, {
    intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  const count = (shape) => shape.reduce((a, b) => a * b);
  const feeds = { x: new ort.Tensor('float32', new Float32Array(count(inputShape)).map(() => Math.random()), inputShape) };
  const fetches = { y: new ort.Tensor('float32', new Float32Array(count(outputShape)), outputShape) };
  return () => session.run(feeds, fetches, {});
}

const microseconds = () => Number(process.hrtime.bigint()) / 1e3;
function median(call, seconds) {
  const begin = microseconds();
  while (microseconds() - begin < WARM_UP_SECONDS * 1e6) call();
  const times = [];
  let now = microseconds();
  const end = now + seconds * 1e6;
  while (now < end) {
    call();
    const after = microseconds();
    times.push(after - now);
    now = after;
  }
  times.sort((a, b) => a - b);
  return [times[times.length >> 1], times[0]];
}

initOrt();
const workload = process.argv[2];
const [make, inputShape] = { infer_mlp: [perceptron, [784]], infer_cnn: [convolutions, [1, 28, 28]] }[workload];
const batch = option('batch', 1);
const threads = option('threads', 2);
const seconds = option('seconds', 3);
const identity = model([node('Identity', ['x'], 'y')], [], valueInfo('x', [1, 10]), valueInfo('y', [1, 10]));
const [overhead] = median(caller(identity, [1, 10], [1, 10], threads), Math.min(1, seconds));
const [all, least] = median(caller(make(batch), [batch, ...inputShape], [batch, 10], threads), seconds);
console.log(JSON.stringify({
  workload, library: 'onnxruntime-node ' + require(path.join(home, 'package.json')).version, batch, threads,
  us_median: all - overhead, us_min: least - overhead, overhead_us: overhead, peak_megabytes: process.resourceUsage().maxRSS / 1024,
}));
