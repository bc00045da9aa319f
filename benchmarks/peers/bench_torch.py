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
import math
import os
import statistics
import struct
import sys
import time

# workload: (faster library, what 1.13 needs to be fastest, what 2.13 needs)
BEST = {
    'mlp_tabular': ('1.13', dict(threads=1, optimizer='flat'), dict(threads=1, optimizer='flatfused', jit=True)),
    'mlp_mnist': ('2.13', dict(aten='avx512'), dict()),
    'cnn_fashion': ('2.13', dict(channels_last=True, jit=True, optimizer='foreach'), dict(channels_last=True)),
    'lstm_char': ('2.13', dict(aten='avx512'), dict(optimizer='flatfused')),
    'gpt_char': ('2.13', dict(), dict(optimizer='flatfused')),
    'linear_full': ('2.13', dict(), dict()),
    'linear_mini': ('1.13', dict(threads=1), dict(threads=1, optimizer='flatfused')),
    'logistic_full': ('2.13', dict(), dict()),
    'logistic_mini': ('1.13', dict(threads=1), dict(threads=1, optimizer='flatfused')),
    'infer_gpt': ('2.13', dict(threads=1, jit=True), dict(threads=1, jit=True)),
    'resnet_cifar': ('1.13', dict(aten='avx512', channels_last=True), dict(channels_last=True, jit=True)),
    'unet_diffusion': ('1.13', dict(aten='avx512'), dict(channels_last=True)),
    'infer_mlp': ('2.13', dict(jit=True), dict(jit=True)),
    'infer_cnn': ('1.13', dict(jit=True, channels_last=True), dict(jit=True, channels_last=True)),
}
DEFAULTS = {
    '1.13': dict(threads=2, jit=False, optimizer='default', aten='avx2', channels_last=False, wait=''),
    '2.13': dict(threads=2, jit=False, optimizer='fused', aten='', channels_last=False, wait=''),
}
CHECK_STEPS = 20
WARM_UP_SECONDS = 1.5

parser = argparse.ArgumentParser()
parser.add_argument('workload', choices=sorted(BEST))
parser.add_argument('--lib', choices=['1.13', '2.13'])
parser.add_argument('--seconds', type=float, default=8)
parser.add_argument('--batch', type=int, default=1, help='samples of a call of infer_mlp or infer_cnn')
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
    if settings['wait']:
        environment['OMP_WAIT_POLICY'] = settings['wait']
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
    if settings['optimizer'] == 'foreach':
        options['foreach'] = True
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


def cnn():
    return in_layout(nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10)))


def in_layout(model):
    return model.to(memory_format=torch.channels_last) if settings['channels_last'] else model


def pictures(part):
    images, labels = fashion(part)
    images = images.view(-1, 1, 28, 28)
    return images.contiguous(memory_format=torch.channels_last) if settings['channels_last'] else images, labels


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Identity()
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu_(self.bn2(self.conv2(F.relu_(self.bn1(self.conv1(x))))).add_(self.downsample(x)))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        width = 16
        for stage, channels in enumerate((16, 32, 64)):
            blocks = [ResidualBlock(width if i == 0 else channels, channels, 2 if stage > 0 and i == 0 else 1) for i in range(3)]
            setattr(self, f'layer{stage + 1}', nn.Sequential(*blocks))
            width = channels
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        h = self.layer3(self.layer2(self.layer1(F.relu_(self.bn1(self.conv1(x))))))
        return self.linear(torch.flatten(F.adaptive_avg_pool2d(h, 1), 1))


class TimedBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.n1 = nn.GroupNorm(8, inputs)
        self.c1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.t = nn.Linear(128, outputs)
        self.n2 = nn.GroupNorm(8, outputs)
        self.c2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.sk = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, t):
        h = self.c1(F.silu(self.n1(x))) + self.t(t)[:, :, None, None]
        return self.c2(F.silu(self.n2(h))) + self.sk(x)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.t1 = nn.Linear(64, 128)
        self.t2 = nn.Linear(128, 128)
        self.ci = nn.Conv2d(1, 32, 3, padding=1)
        self.r1 = TimedBlock(32, 32)
        self.d1 = nn.Conv2d(32, 64, 3, 2, 1)
        self.r2 = TimedBlock(64, 64)
        self.d2 = nn.Conv2d(64, 128, 3, 2, 1)
        self.r3 = TimedBlock(128, 128)
        self.u2 = nn.Conv2d(128, 64, 3, padding=1)
        self.r4 = TimedBlock(128, 64)
        self.u1 = nn.Conv2d(64, 32, 3, padding=1)
        self.r5 = TimedBlock(64, 32)
        self.no = nn.GroupNorm(8, 32)
        self.co = nn.Conv2d(32, 1, 3, padding=1)
        self.register_buffer('frequencies', torch.exp(-math.log(1e4) * torch.arange(32) / 32), persistent=False)

    def forward(self, x, t):
        e = t[:, None] * self.frequencies[None]
        e = F.silu(self.t2(F.silu(self.t1(torch.cat([e.sin(), e.cos()], 1)))))
        h1 = self.r1(self.ci(x), e)
        h2 = self.r2(self.d1(h1), e)
        h = self.r3(self.d2(h2), e)
        h = self.r4(torch.cat([self.u2(F.interpolate(h, scale_factor=2.)), h2], 1), e)
        h = self.r5(torch.cat([self.u1(F.interpolate(h, scale_factor=2.)), h1], 1), e)
        return self.co(F.silu(self.no(h)))


def cifar(samples):
    inputs = torch.randn(samples, 3, 32, 32)
    targets = torch.randint(10, (samples,))
    return inputs + torch.randn(10, 3, 1, 1)[targets], targets


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


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.layer_norm(x, x.shape[-1:], self.weight, None, 1e-5)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = Norm(width), Norm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.fc, self.fc2 = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        batch, count, width = x.shape
        q, k, v = (part.view(batch, count, self.heads, -1).transpose(1, 2) for part in self.qkv(self.ln_1(x)).split(width, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(batch, count, width))
        return x + self.fc2(F.gelu(self.fc(self.ln_2(x)), approximate='tanh'))


class GPT(nn.Module):
    def __init__(self, vocabulary=65, layers=4, heads=4, width=128, context=128):
        super().__init__()
        self.context = context
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f, self.head = Norm(width), nn.Linear(width, vocabulary, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, 0.02 / (math.sqrt(2 * layers) if name.endswith(('proj.weight', 'fc2.weight')) else 1))
        self.head.weight = self.wte.weight
        self.register_buffer('places', torch.arange(context))

    def forward(self, x):
        x = self.wte(x) + self.wpe(self.places[:x.shape[1]])
        for block in self.blocks:
            x = block(x)
        return self.head(self.ln_f(x))

    def named(self):
        """The weights by Hugging Face's names and in its orientation."""
        names = {'qkv': 'attn.c_attn', 'proj': 'attn.c_proj', 'fc': 'mlp.c_fc', 'fc2': 'mlp.c_proj'}
        result = {f'transformer.{part}.weight': getattr(self, part).weight for part in ('wte', 'wpe', 'ln_f')}
        for i, block in enumerate(self.blocks):
            result.update({f'transformer.h.{i}.{part}.weight': getattr(block, part).weight for part in ('ln_1', 'ln_2')})
            result.update({f'transformer.h.{i}.{name}.weight': getattr(block, part).weight.t() for part, name in names.items()})
        return result


class DecoderBlock(nn.Module):
    """One token through a block, with the keys and values of those before it; scripted."""

    def __init__(self, block):
        super().__init__()
        self.heads = block.heads
        for name, source in (('w1', block.ln_1), ('w2', block.ln_2), ('qkv', block.qkv), ('proj', block.proj), ('fc', block.fc), ('fc2', block.fc2)):
            setattr(self, name, nn.Parameter(source.weight.data))

    def forward(self, x, keys, values, place: int):
        width = x.shape[1]
        size = width // self.heads
        y = F.linear(F.layer_norm(x, [width], self.w1, None, 1e-5), self.qkv).view(3, self.heads, size)
        keys.select(1, place).copy_(y[1])
        values.select(1, place).copy_(y[2])
        weights = torch.softmax(torch.bmm(keys.narrow(1, 0, place + 1), y[0].unsqueeze(2)).mul_(1 / math.sqrt(size)), 1)
        x = x + F.linear(torch.bmm(weights.transpose(1, 2), values.narrow(1, 0, place + 1)).view(1, width), self.proj)
        return x + F.linear(F.gelu(F.linear(F.layer_norm(x, [width], self.w2, None, 1e-5), self.fc), approximate='tanh'), self.fc2)


class Decoder(nn.Module):
    def __init__(self, gpt):
        super().__init__()
        self.wte, self.wpe, self.ln_f = (nn.Parameter(part.weight.data) for part in (gpt.wte, gpt.wpe, gpt.ln_f))
        self.blocks = nn.ModuleList(DecoderBlock(block) for block in gpt.blocks)
        heads, width = gpt.blocks[0].heads, self.wte.shape[1]
        for name in ('keys', 'values'):
            self.register_buffer(name, torch.zeros(len(gpt.blocks), heads, gpt.context, width // heads))

    def forward(self, token: int, place: int):
        x = (self.wte[token] + self.wpe[place]).unsqueeze(0)
        for i, block in enumerate(self.blocks):
            x = block(x, self.keys[i], self.values[i], place)
        return F.linear(F.layer_norm(x, [x.shape[1]], self.ln_f, None, 1e-5), self.wte)


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
    if workload == 'cnn_fashion':
        return cnn(), *pictures('train'), F.cross_entropy, (torch.optim.Adam, dict(lr=1e-3)), 128
    if workload == 'resnet_cifar':
        count = 128 * (CHECK_STEPS + 1) if args.check else 512
        rate = 0.001 if args.check else 0.05  # at 0.05 roundings grow ten thousandfold within 20 steps
        return ResNet20(), *cifar(count), F.cross_entropy, (torch.optim.SGD, dict(lr=rate, momentum=0.9, weight_decay=1e-4)), 128
    if workload == 'lstm_char':
        return CharLSTM(), *characters(64 * (CHECK_STEPS + 1), 64), next_character_loss, (torch.optim.Adam, dict(lr=2e-3)), 64
    if workload == 'gpt_char':
        return GPT(), *characters(16 * (CHECK_STEPS + 1), 128), next_character_loss, (torch.optim.AdamW, dict(lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)), 16
    kind, size = workload.split('_')
    inputs, targets, loss = regression(kind, samples)
    return nn.Sequential(nn.Linear(20, 1)), inputs, targets, loss, (torch.optim.SGD, dict(lr=0.1)), samples if size == 'full' else 1024


def measure_training():
    model, inputs, targets, loss_of, (kind, options), batch = training(args.workload)
    if settings['channels_last']:
        model = model.to(memory_format=torch.channels_last)
        if args.workload != 'cnn_fashion':  # there each batch is turned round as it is gathered
            inputs = inputs.contiguous(memory_format=torch.channels_last)
    optimizer, zero = optimizer_of(kind, model, **options)
    forward = torch.jit.trace(model, inputs[:batch]) if settings['jit'] else model

    def step(x, y):
        if args.workload == 'cnn_fashion' and settings['channels_last']:
            x = x.contiguous(memory_format=torch.channels_last)
        zero()
        loss = loss_of(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    if args.workload in ('mlp_tabular', 'resnet_cifar'):  # without shuffling: that is faster
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
    elif args.workload == 'cnn_fashion':
        some = iter([])

        def call():
            nonlocal some
            indices = next(some, None)
            if indices is None:
                some = iter(torch.randperm(len(inputs)).split(batch))
                indices = next(some)
            return step(inputs.index_select(0, indices), targets.index_select(0, indices))

        time_calls(call)
    elif args.workload == 'gpt_char':
        text, places = tokens(), torch.arange(129)

        def call():
            windows = text[torch.randint(len(text) - 129, (batch, 1)) + places]
            return step(windows[:, :-1], windows[:, 1:])

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
    if args.workload in ('mlp_mnist', 'cnn_fashion'):
        x, y = (fashion if args.workload == 'mlp_mnist' else pictures)('t10k')
        model.eval()
        with torch.inference_mode():
            right = sum((model(x[i:i + 500]).argmax(1) == y[i:i + 500]).sum().item() for i in range(0, len(x), 500))
        result['test_accuracy'] = right / len(x)


def diffusion():
    """Model, optimizer and a step on pictures, times and noise."""
    model = UNet()
    if settings['channels_last']:
        model = model.to(memory_format=torch.channels_last)
    optimizer, zero = optimizer_of(torch.optim.AdamW, model, lr=1e-3)
    kept = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), 0)
    signal, spoilt = kept.sqrt(), (1 - kept).sqrt()

    def step(x, t, noise):
        mixed = signal[t].view(-1, 1, 1, 1) * x + spoilt[t].view(-1, 1, 1, 1) * noise
        if settings['channels_last']:
            mixed = mixed.contiguous(memory_format=torch.channels_last)
        zero()
        loss = F.mse_loss(model(mixed, t.float()), noise)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return model, step


def measure_diffusion():
    pictures = fashion('t10k')[0][:6400].view(-1, 1, 28, 28).clamp(-1, 2.1)
    _, step = diffusion()

    def call():
        x = pictures.index_select(0, torch.randint(6400, (64,)))
        return step(x, torch.randint(1000, (64,)), torch.randn_like(x))

    time_calls(call)


def check_diffusion():
    count = 64 * (CHECK_STEPS + 1)
    x = fashion('t10k')[0][:count].view(-1, 1, 28, 28).clamp(-1, 2.1)
    t, noise = torch.randint(1000, (count,)), torch.randn_like(x)
    model, step = diffusion()
    write_tensors(args.check + '/weights.safetensors', model.state_dict())
    write_tensors(args.check + '/batches.safetensors', dict(inputs=x, times=t, noise=noise))
    losses = [step(*batch).item() for batch in zip(x.split(64), t.split(64), noise.split(64))]
    result.update(batch=64, losses=losses)


def measure_inference():
    model = (mlp(784, 512, 256, 10) if args.workload == 'infer_mlp' else cnn()).eval()
    x = torch.randn(args.batch, *((784,) if args.workload == 'infer_mlp' else (1, 28, 28)))
    if settings['channels_last']:
        x = x.contiguous(memory_format=torch.channels_last)
    if settings['jit']:
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))
    with torch.inference_mode():
        time_calls(lambda: model(x)[0, 0])


def measure_generation():
    """128 tokens from an empty context, each drawn from the softmax of the logits; times are those of a token."""
    model = Decoder(GPT().eval()).eval()
    model = torch.jit.freeze(torch.jit.script(model)) if settings['jit'] else model

    def generate():
        token = 0
        for place in range(128):
            logits = model(token, place)[0]
            token = int(torch.multinomial(F.softmax(logits, -1), 1))
        return logits[0]

    with torch.inference_mode():
        time_calls(generate, unit=128)


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
    if args.workload == 'gpt_char':
        weights = model.named()
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
    check_diffusion() if args.workload == 'unet_diffusion' else check()
else:
    if args.workload == 'infer_gpt':
        measure_generation()
    elif args.workload.startswith('infer_'):
        measure_inference()
    elif args.workload == 'unet_diffusion':
        measure_diffusion()
    else:
        measure_training()
    result['peak_megabytes'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    calibrate()
print(json.dumps(result))
