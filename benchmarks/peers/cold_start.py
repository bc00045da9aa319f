#!/usr/bin/python3
"""The first trained epoch of a linear regression, 1,000 x 4, batch 32: to be timed from outside, from start to exit."""
import json
import resource
import torch

torch.manual_seed(0)
inputs = torch.randn(1000, 4)
targets = inputs @ torch.tensor([[1.0], [2.0], [-1.0], [0.5]]) + 0.3
model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in zip(inputs.split(32), targets.split(32)):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
print(json.dumps(dict(library='PyTorch ' + torch.__version__, final_loss=loss.item(),
                      peak_megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
