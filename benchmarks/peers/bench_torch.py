#!/usr/bin/python3
"""The peer: a workload in PyTorch, 2.13 or 1.13, in the faster of the two and at the best settings found for it.

    bench_torch.py WORKLOAD [--seconds S] [--lib 2.13|1.13] [--batch N]    measures; prints one JSON line
    bench_torch.py WORKLOAD --check FOLDER    writes start weights and batches there, trains 20 steps, prints the losses

The settings are not options: a comparison with a slower peer is worthless. The script starts itself once more, so that
matrix library, allocator and thread count are in place before torch is loaded, and stops where a part of them is missing.
2.13: MKL must believe that it runs on an Intel processor (mkl_avx512.c); on AMD it would use AVX2 and half the speed.
1.13: OpenBLAS for OpenMP with its AVX-512 kernels. Both: tcmalloc.
"""
import argparse
import gzip
import json
import os
import statistics
import struct
import sys
import time

# workload: (faster library, what 1.13 needs to be fastest, what 2.13 needs)
BEST = {
    'mlp_tabular': ('1.13', dict(threads=1, optimizer='flat'), dict(threads=1, optimizer='flatfused', jit=True)),
    'mlp_mnist': ('2.13', dict(aten='avx512'), dict()),
    'lstm_char': ('2.13', dict(aten='avx512'), dict(optimizer='flatfused')),
    'linear_full': ('2.13', dict(), dict()),
    'linear_mini': ('1.13', dict(threads=1), dict(threads=1, optimizer='flatfused')),
    'logistic_full': ('2.13', dict(), dict()),
    'logistic_mini': ('1.13', dict(threads=1), dict(threads=1, optimizer='flatfused')),
    'infer_mlp': ('2.13', dict(jit=True), dict(jit=True)),
}
DEFAULTS = {
    '1.13': dict(threads=2, jit=False, optimizer='default', aten='avx2'),
    '2.13': dict(threads=2, jit=False, optimizer='fused', aten=''),
}
CHECK_STEPS = 20
WARM_UP_SECONDS = 1.5

parser = argparse.ArgumentParser()
parser.add_argument('workload', choices=sorted(BEST))
parser.add_argument('--lib', choices=['1.13', '2.13'])
parser.add_argument('--seconds', type=float, default=8)
parser.add_argument('--batch', type=int, default=1, help='samples of a call of infer_mlp')
parser.add_argument('--check', metavar='FOLDER')
args = parser.parse_args()
fastest, old, new = BEST[args.workload]
library = args.lib or fastest
settings = DEFAULTS[library] | (old if library == '1.13' else new)
threads = settings['threads']


def start_prepared():
    """Replaces this process by one whose environment makes PyTorch fast."""
    peers = os.environ.get('PONDUS_PEERS', os.path.expanduser('~/.cache/pondus-peers'))
    libraries = peers + '/usr/lib/x86_64-linux-gnu'
    environment = dict(os.environ, PEER_PREPARED='1')
    for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
        environment[name] = str(threads)
    for name in ('OPENBLAS_L2_SIZE', 'OMP_WAIT_POLICY', 'ATEN_CPU_CAPABILITY', 'MALLOC_ARENA_MAX'):
        environment.pop(name, None)
    if settings['aten']:
        environment['ATEN_CPU_CAPABILITY'] = settings['aten']
    if library == '1.13':
        environment['OPENBLAS_CORETYPE'] = 'Cooperlake'
        needed = [libraries + '/openblas-openmp/libopenblas.so.0']
    else:
        environment['PYTHONPATH'] = peers + '/torch2'
        environment['PYTHONWARNINGS'] = 'ignore'
        needed = [peers + '/mkl_avx512.so']
    needed.append(libraries + '/libtcmalloc_minimal.so.4')
    for path in needed:
        if not os.path.exists(path):
            sys.exit(f'bench_torch.py: expected {path}, got no such file: it is not installed, see README.md (the peer would be slower without it)')
    environment['LD_PRELOAD'] = ':'.join(needed)
    os.execve(sys.executable, [sys.executable] + sys.argv, environment)


if os.environ.get('PEER_PREPARED') != '1':
    start_prepared()

import numpy as np  # noqa: E402
import resource  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402

if not torch.__version__.startswith(library):
    sys.exit(f'bench_torch.py: expected PyTorch {library}, got {torch.__version__}: see README.md')
torch.set_num_threads(threads)
torch.set_flush_denormal(True)
torch.manual_seed(1)
clock = time.perf_counter
result = dict(workload=args.workload, library='PyTorch ' + torch.__version__, threads=threads)


class Flat:
    """All parameters and gradients as views of one buffer, so that the stock optimizer runs on one tensor."""

    def __init__(self, model):
        parameters = list(model.parameters())
        count = sum(p.numel() for p in parameters)
        self.values = torch.empty(count)
        self.values.grad = torch.zeros(count)
        at = 0
        for p in parameters:
            n = p.numel()
            self.values[at:at + n].copy_(p.data.reshape(-1))
            p.data = self.values[at:at + n].view(p.shape)
            p.grad = self.values.grad[at:at + n].view(p.shape)
            at += n


def optimizer_of(kind, model, **options):
    """The optimizer and what clears the gradients before a step."""
    if settings['optimizer'].endswith('fused') and (library == '2.13'):
        options['fused'] = True
    if settings['optimizer'].startswith('flat'):
        flat = Flat(model)
        return kind([flat.values], **options), flat.values.grad.zero_
    made = kind(model.parameters(), **options)
    return made, lambda: made.zero_grad(set_to_none=True)


def mlp(*sizes):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i < len(sizes) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def fashion(part):
    folder = '/usr/share/datasets/fashion-mnist/'
    read = lambda name, offset: np.frombuffer(gzip.open(folder + part + name).read(), np.uint8, offset=offset)
    images = torch.from_numpy(read('-images-idx3-ubyte.gz', 16).copy()).view(-1, 784).float().div_(255)
    return images.sub_(0.2860).div_(0.3530), torch.from_numpy(read('-labels-idx1-ubyte.gz', 8).astype(np.int64))


def busy_mark():
    ticks = [int(x) for x in open('/proc/stat').readline().split()[1:9]]
    own = os.times()
    return clock(), (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf('SC_CLK_TCK'), own[0] + own[1]


def report_others(before):
    """Cores that other processes kept busy meanwhile."""
    now = busy_mark()
    result['other_cores'] = round(max(0, (now[1] - before[1]) - (now[2] - before[2])) / (now[0] - before[0]), 2)


def time_calls(call, unit=1):
    """Warms up, then times each call; unit is how many steps one is."""
    begin = clock()
    count = 0
    while clock() - begin < WARM_UP_SECONDS or count < 3:
        loss = call()
        count += 1
    mark = busy_mark()
    times = []
    begin = now = clock()
    while now - begin < args.seconds or len(times) < 5:
        loss = call()
        after = clock()
        times.append(after - now)
        now = after
    report_others(mark)
    times.sort()
    result.update(us_median=statistics.median(times) * 1e6 / unit, us_min=times[0] * 1e6 / unit,
                  us_p90=times[int(len(times) * 0.9)] * 1e6 / unit, final_loss=float(loss))


def regression(kind, samples):
    inputs = torch.randn(samples, 20)
    scores = inputs @ torch.randn(20, 1) + 0.5
    if kind == 'linear':
        return inputs, scores + 0.1 * torch.randn(samples, 1), F.mse_loss
    return inputs, (torch.rand(samples, 1) < scores.sigmoid()).float(), F.binary_cross_entropy_with_logits


def tabular():
    inputs = torch.randn(4096, 16, generator=torch.Generator().manual_seed(0))
    return inputs, inputs[:, :4].sum(1, True).sin() + inputs[:, 4:5] * inputs[:, 5:6]


class CharLSTM(nn.Module):
    """Reads and gives time first, as nn.LSTM does by default."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(65, 64)
        self.lstm = nn.LSTM(64, 256)
        self.head = nn.Linear(256, 65)

    def forward(self, x):
        return self.head(self.lstm(self.embedding(x))[0])


def tokens():
    """Characters of the license texts, the most frequent first; the rarest share the last token."""
    text = b''.join(open('/usr/share/common-licenses/' + name, 'rb').read() for name in ('GPL-2', 'GPL-3', 'LGPL-2.1', 'GFDL-1.3'))
    characters = np.frombuffer(text, np.uint8)
    order = np.argsort(-np.bincount(characters, minlength=256), kind='stable')
    numbers = np.full(256, 64)
    numbers[order[:64]] = np.arange(64)
    return torch.from_numpy(numbers[characters].astype(np.int64))


def characters(samples, context):
    """Windows anywhere in the text, and for each place the next character."""
    text = tokens()
    windows = text[torch.randint(len(text) - context - 1, (samples, 1)) + torch.arange(context + 1)]
    return windows[:, :-1], windows[:, 1:]


def next_character_loss(logits, targets):
    return F.cross_entropy(logits.reshape(-1, 65), targets.reshape(-1))


def training(workload, samples=1_000_000):
    """Model, inputs, targets, loss, optimizer, batch."""
    if workload == 'mlp_tabular':
        return mlp(16, 64, 64, 1), *tabular(), F.mse_loss, (torch.optim.Adam, dict(lr=1e-3)), 64
    if workload == 'mlp_mnist':
        return mlp(784, 512, 256, 10), *fashion('train'), F.cross_entropy, (torch.optim.Adam, dict(lr=1e-3)), 128
    if workload == 'lstm_char':
        return CharLSTM(), *characters(64 * (CHECK_STEPS + 1), 64), next_character_loss, (torch.optim.Adam, dict(lr=2e-3)), 64
    kind, size = workload.split('_')
    inputs, targets, loss = regression(kind, samples)
    return nn.Sequential(nn.Linear(20, 1)), inputs, targets, loss, (torch.optim.SGD, dict(lr=0.1)), samples if size == 'full' else 1024


def measure_training():
    model, inputs, targets, loss_of, (kind, options), batch = training(args.workload)
    optimizer, zero = optimizer_of(kind, model, **options)
    forward = torch.jit.trace(model, inputs[:batch]) if settings['jit'] else model

    def step(x, y):
        zero()
        loss = loss_of(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    if args.workload == 'mlp_tabular':  # without shuffling: that is faster
        x, y = inputs.split(batch), targets.split(batch)
        at = [0]

        def call():
            at[0] = (at[0] + 1) % len(x)
            return step(x[at[0]], y[at[0]])

        time_calls(call)
    elif args.workload == 'lstm_char':
        text, places = tokens(), torch.arange(65)[:, None]

        def call():
            windows = text[torch.randint(len(text) - 65, (1, batch)) + places]
            return step(windows[:-1], windows[1:])

        time_calls(call)
    elif batch == len(inputs):
        time_calls(lambda: step(inputs, targets))
    else:

        def epoch():
            order = torch.randperm(len(inputs))
            for begin in range(0, len(inputs), batch):
                some = order[begin:begin + batch]
                loss = step(inputs.index_select(0, some), targets.index_select(0, some))
            return loss

        time_calls(epoch, unit=-(-len(inputs) // batch))
    if args.workload == 'mlp_mnist':
        x, y = fashion('t10k')
        with torch.inference_mode():
            result['test_accuracy'] = (model(x).argmax(1) == y).float().mean().item()


def measure_inference():
    model = mlp(784, 512, 256, 10).eval()
    x = torch.randn(args.batch, 784)
    if settings['jit']:
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    with torch.inference_mode():
        time_calls(lambda: model(x)[0, 0])


def write_tensors(path, tensors):
    """A safetensors file of single precision."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        header[name] = dict(dtype='F32', shape=list(tensor.shape), data_offsets=[at, at + 4 * tensor.numel()])
        at += 4 * tensor.numel()
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().float().numpy().tobytes())


def check():
    """The losses of 20 steps and the one after them, on batches that are written for the other side."""
    model, inputs, targets, loss_of, (kind, options), batch = training(args.workload, samples=1024 * (CHECK_STEPS + 1))
    count = batch * (CHECK_STEPS + 1)
    inputs, targets = inputs[:count], targets[:count]
    weights = model.state_dict()
    if args.workload == 'lstm_char':
        weights = {key.replace('embedding', '0').replace('lstm', '1').replace('head', '2'): value for key, value in weights.items()}
    write_tensors(args.check + '/weights.safetensors', weights)
    write_tensors(args.check + '/batches.safetensors', dict(inputs=inputs, targets=targets))
    optimizer, zero = optimizer_of(kind, model, **options)
    losses = []
    for x, y in zip(inputs.split(batch), targets.split(batch)):
        if args.workload == 'lstm_char':
            x, y = x.t(), y.t()
        zero()
        loss = loss_of(model(x), y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    result.update(batch=batch, losses=losses)


def calibrate():
    """The matrix product in the same minute: low where the machine is busy or the fast library is not in use."""
    with torch.no_grad():
        a, b, c = torch.randn(1024, 1024), torch.randn(1024, 1024), torch.empty(1024, 1024)
        best = 1e9
        for _ in range(10):
            begin = clock()
            torch.mm(a, b, out=c)
            best = min(best, clock() - begin)
    result['gemm_gflops'] = round(2 * 1024**3 / best / 1e9)
    if result['gemm_gflops'] < 80 * threads:
        result['warning'] = 'the matrix product is far below this processor'


if args.check:
    check()
else:
    if args.workload == 'infer_mlp':
        measure_inference()
    else:
        measure_training()
    result['peak_megabytes'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    calibrate()
print(json.dumps(result))
