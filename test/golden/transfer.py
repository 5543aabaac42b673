# Losses of one epoch of each way of transferring ResNet-18, batch by batch, by PyTorch. Writes transfer.json beside it.
# Usage: transfer.py DATA, the folder with weights/resnet18-pqf-in1k.safetensors.gz and cifar10/data_batch_1.bin.gz.
import gzip, json, math, os, struct, sys
import numpy as np
import torch, torchvision
import torch.nn.functional as F

root = sys.argv[1]
IMAGES, BATCH, LR, MOMENTUM, DECAY, CLASSES = 256, 32, 0.01, 0.9, 1e-4, 10
torch.set_num_threads(1)


def weights():
    data = gzip.open(os.path.join(root, "weights/resnet18-pqf-in1k.safetensors.gz")).read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    kinds = {"F16": np.float16, "F32": np.float32}
    return {
        name: torch.tensor(
            np.frombuffer(data[8 + length + entry["data_offsets"][0] : 8 + length + entry["data_offsets"][1]], kinds[entry["dtype"]])
            .astype(np.float32)
            .reshape(entry["shape"])
        )
        for name, entry in header.items()
        if name != "__metadata__" and not name.startswith("fc.")
    }


def images():
    records = np.frombuffer(gzip.open(os.path.join(root, "cifar10/data_batch_1.bin.gz")).read(), np.uint8).reshape(-1, 3073)[:IMAGES]
    x = torch.tensor(records[:, 1:].astype(np.float32).reshape(-1, 3, 32, 32)) / 255
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (x - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1), torch.tensor(records[:, 0].astype(np.int64))


def losses(method, unit, bn, source, x, labels):
    model = torchvision.models.resnet18(weights=None, num_classes=CLASSES)
    model.load_state_dict(source, strict=False)
    with torch.no_grad():
        width = CLASSES * 512
        model.fc.weight.copy_(torch.tensor([0.04 * math.sin(1 + i) for i in range(width)]).reshape(CLASSES, 512))
        model.fc.bias.zero_()
    blocks = [block for stage in (model.layer1, model.layer2, model.layer3, model.layer4) for block in stage]
    tuned = blocks[unit - 1] if unit else None
    model.requires_grad_(method == "full")
    model.fc.requires_grad_(True)
    model.train(bn == "adapt" or method == "full")
    if tuned is not None:
        tuned.requires_grad_(True)
        tuned.train()
    seen = {}
    if method == "scl":
        tuned.register_forward_hook(lambda module, given, out: seen.update(skip=out))
        model.avgpool.register_forward_hook(lambda module, given, out: out + F.pad(F.adaptive_avg_pool2d(seen["skip"], 1), (0, 0, 0, 0, 0, out.shape[1] - seen["skip"].shape[1])))
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=LR, momentum=MOMENTUM, weight_decay=DECAY)
    curve = []
    for i in range(0, IMAGES, BATCH):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x[i : i + BATCH]), labels[i : i + BATCH])
        loss.backward()
        optimizer.step()
        curve.append(loss.item())
    return curve


source, (x, labels) = weights(), images()
ways = [("probe", 0, "adapt"), ("layer", 5, "adapt"), ("scl", 5, "adapt"), ("full", 0, "adapt"), ("probe", 0, "frozen"), ("layer", 7, "frozen"), ("scl", 5, "frozen")]
result = {
    "images": IMAGES, "batch": BATCH, "lr": LR, "momentum": MOMENTUM, "weightDecay": DECAY, "classes": CLASSES,
    "torch": torch.__version__,
    "curves": [{"method": m, "unit": u, "bn": bn, "losses": [round(l, 6) for l in losses(m, u, bn, source, x, labels)]} for m, u, bn in ways],
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "transfer.json")
json.dump(result, open(path, "w"), indent=1)
for curve in result["curves"]:
    print(curve)
