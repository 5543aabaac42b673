"""Makes networks.json: what PyTorch and torchvision compute for the networks of src/models, small, from seeds.

Parameters and inputs follow a formula that both sides know (see `uniforms`), so only results are kept: logits, loss, and of
every gradient, every parameter and every running moment after one step of SGD its norm and four random projections, which
tell another array's distance. Needs Debian's python3-torch and python3-torchvision. Run: python3 test/golden/make.py
"""
import json
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models import densenet, mobilenetv2, resnet, vision_transformer

M = 0xFFFFFFFF
HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 1
PROJECTIONS = 4


def uniforms(name, n):
    """SplitMix32 keyed by seed and name: src/core/random.ts."""
    h = 0x811C9DC5
    for c in name:
        h = ((h ^ ord(c)) * 0x01000193) & M
    start = ((SEED * 0x9E3779B1) & M) ^ h
    z = (start + (np.arange(1, n + 1, dtype=np.uint64) * 0x9E3779B9)) & M
    z = ((z ^ (z >> np.uint64(16))) * 0x21F0AAAD) & M
    z = ((z ^ (z >> np.uint64(15))) * 0x735A2D97) & M
    return (z ^ (z >> np.uint64(15))).astype(np.float64) / 2**32


def spread(name, n):
    return 2 * uniforms(name, n) - 1


def contents(path, shape):
    n = int(np.prod(shape))
    if path.endswith("running_var"):
        values = 1 + 0.5 * uniforms(path, n)
    elif len(shape) == 1:
        # A bias of 1 as well: batch norm over few images before ReLU at 0 makes deep networks chaotic even in float64.
        values = 0.2 * spread(path, n) + 1
    else:
        values = spread(path, n) * np.sqrt(6 / np.prod(shape[1:]))
    if path.endswith("running_mean"):
        values = 0.2 * spread(path, n)
    return values.astype(np.float32).reshape(shape)


def summary(path, array):
    flat = array.detach().numpy().astype(np.float64).ravel()
    rows = [float(flat @ spread(f"{path}#{k}", flat.size)) for k in range(PROJECTIONS)]
    return [float(np.linalg.norm(flat))] + rows


class OptionA(nn.Module):
    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.width, self.stride = width, stride

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.width // 4, self.width // 4))
        return F.relu(x + y)


class CifarResnet(nn.Module):
    """As akamaster/pytorch_resnet_cifar10, by torchvision's names."""

    def __init__(self, depth, classes):
        super().__init__()
        n = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)

        def stage(before, width, stride):
            first = OptionA(before, width, stride)
            return nn.Sequential(first, *[OptionA(width, width, 1) for _ in range(n - 1)])

        self.layer1, self.layer2, self.layer3 = stage(16, 16, 1), stage(16, 32, 2), stage(32, 64, 2)
        self.fc = nn.Linear(64, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def cifar_stem(model):
    model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
    model.maxpool = nn.Identity()
    return model


STAGES = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 2, 2]]
VIT = dict(patch_size=16, num_layers=2, num_heads=4, hidden_dim=32, mlp_dim=48, num_classes=7)

NETWORKS = {
    "resnet18": (48, 5, lambda: resnet.resnet18(num_classes=7)),
    "resnet34": (48, 4, lambda: resnet.resnet34(num_classes=7)),
    "resnet50": (64, 4, lambda: resnet.resnet50(num_classes=7)),
    "resnet18-cifar": (16, 4, lambda: cifar_stem(resnet.resnet18(num_classes=7))),
    "resnet20": (32, 5, lambda: CifarResnet(20, 7)),
    "resnet32": (16, 5, lambda: CifarResnet(32, 7)),
    "densenet": (64, 4, lambda: densenet.DenseNet(8, (2, 3, 2, 2), 16, num_classes=7)),
    "mobilenet": (
        32,
        4,
        lambda: mobilenetv2.MobileNetV2(num_classes=7, inverted_residual_setting=STAGES, dropout=0),
    ),
    "vit": (64, 3, lambda: vision_transformer.VisionTransformer(image_size=64, **VIT)),
}

WHOLE = {
    "resnet18": resnet.resnet18,
    "resnet34": resnet.resnet34,
    "resnet50": resnet.resnet50,
    "densenet121": densenet.densenet121,
    "mobilenet_v2": mobilenetv2.mobilenet_v2,
    "vit_b_32": vision_transformer.vit_b_32,
    "vit_b_32-384": lambda: vision_transformer.vit_b_32(image_size=384),
}


def arrays(model):
    return {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}


def golden(name, size, batch, model):
    for path, value in arrays(model).items():
        value.copy_(torch.from_numpy(contents(path, tuple(value.shape))))
    x = torch.from_numpy((2 * spread("x", batch * 3 * size * size)).astype(np.float32))
    x = x.reshape(batch, 3, size, size)
    labels = torch.arange(batch) % 7
    model.eval()
    with torch.no_grad():
        evaluated = model(x)
    model.train()
    step = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    logits = model(x)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    grads = {path: summary(path, p.grad) for path, p in model.named_parameters()}
    step.step()
    return {
        "size": size,
        "batch": batch,
        "evaluated": evaluated.flatten().tolist(),
        "logits": logits.detach().flatten().tolist(),
        "loss": loss.item(),
        "gradients": grads,
        "stepped": {path: summary(path, value) for path, value in arrays(model).items()},
    }


def embedding(before, after, width):
    """Position embeddings for a grid of another size, as torchvision's interpolate_embeddings."""
    given = torch.from_numpy(spread("embedding", (1 + before**2) * width).astype(np.float32))
    state = {"encoder.pos_embedding": given.reshape(1, 1 + before**2, width)}
    made = vision_transformer.interpolate_embeddings(after * 8, 8, state)["encoder.pos_embedding"]
    return {"before": before, "after": after, "width": width, "values": made.flatten().tolist()}


def shapes(make):
    return {path: list(value.shape) for path, value in arrays(make()).items()}


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    made = {name: golden(name, size, batch, make()) for name, (size, batch, make) in NETWORKS.items()}
    both = {
        "networks": made,
        "shapes": {name: shapes(make) for name, make in WHOLE.items()},
        "embeddings": [embedding(3, 5, 2), embedding(5, 3, 2)],
    }
    with open(os.path.join(HERE, "networks.json"), "w") as file:
        json.dump(both, file, separators=(",", ":"))
        file.write("\n")
    for name, result in made.items():
        norms = [g[0] for g in result["gradients"].values()]
        print(name, result["loss"], min(norms), max(norms), result["logits"][:3])


if __name__ == "__main__":
    main()
