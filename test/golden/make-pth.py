# Makes the small .pth files beside it with PyTorch, and pth.json with what is in them.
# Run: python3 test/golden/make-pth.py (Debian: apt-get install python3-torch)
import json
import os
from collections import OrderedDict

import torch

here = os.path.dirname(os.path.abspath(__file__))
expected = {}


def values(tensor):
    return [float(x) for x in tensor.detach().contiguous().reshape(-1).to(torch.float64)]


def keep(file, value, tensors, **how):
    torch.save(value, os.path.join(here, file), **how)
    expected[file] = {
        name: {"shape": list(t.shape), "dtype": str(t.dtype), "values": values(t)}
        for name, t in tensors.items()
    }


def both(stem, value, tensors):
    keep(stem + ".zip.pth", value, tensors)
    keep(stem + ".legacy.pth", value, tensors, _use_new_zipfile_serialization=False)


torch.manual_seed(0)

net = torch.nn.Sequential(
    torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.Flatten(), torch.nn.Linear(3, 2)
)
both("module", net.state_dict(), net.state_dict())

base = torch.arange(24, dtype=torch.float32)
views = OrderedDict(
    whole=base.view(2, 3, 4),
    tail=base[20:],
    transposed=base.view(4, 6).t(),
    strided=base.view(2, 3, 4)[:, 1:, ::2],
    permuted=base.view(2, 3, 4).permute(2, 0, 1),
    channels=torch.randn(2, 3, 2, 2).to(memory_format=torch.channels_last),
    expanded=torch.tensor([[1.5], [2.5]]).expand(2, 3),
    scalar=torch.tensor(7.0),
    empty=torch.zeros(0, 3),
)
both("views", views, views)

dtypes = OrderedDict(
    half=torch.tensor([0.5, -65504.0, 6e-8]).half(),
    bfloat=torch.tensor([0.5, -3e38]).bfloat16(),
    double=torch.tensor([0.1, 1e-30], dtype=torch.float64),
    long=torch.tensor([3, -4]),
    int=torch.tensor([-5, 6], dtype=torch.int32),
    short=torch.tensor([-7], dtype=torch.int16),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    char=torch.tensor([-128], dtype=torch.int8),
    bool=torch.tensor([True, False]),
)
both("dtypes", dtypes, dtypes)

parameters = OrderedDict(
    weight=torch.nn.Parameter(torch.randn(2, 2)), frozen=torch.nn.Parameter(torch.ones(1), False)
)
both("parameters", parameters, parameters)

optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.randn(4, 2, 3, 3)).sum().backward()
optimizer.step()
run = {
    "epoch": 3,
    "best": 91.7,
    "args": {"arch": "tiny", "size": torch.Size([1, 2]), "dtype": torch.float32},
    "device": torch.device("cpu"),
    "state_dict": OrderedDict(("module." + k, v) for k, v in net.state_dict().items()),
    "optimizer": optimizer.state_dict(),
}
both("data-parallel", run, {"module." + k: v for k, v in net.state_dict().items()})

nested = {"model": {"backbone": {"w": torch.ones(2)}, "head": {"b": torch.zeros(1), "n": 5}}}
both("nested", nested, {"backbone.w": torch.ones(2), "head.b": torch.zeros(1)})

with open(os.path.join(here, "pth.json"), "w") as file:
    json.dump(expected, file, separators=(",", ":"))
    file.write("\n")
