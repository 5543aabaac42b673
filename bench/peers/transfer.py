# PyTorch's side of bench/transfer.ts: an epoch of linear probe or Layer FT of ResNet-18 (CIFAR stem) with frozen batch
# norm, the frozen part computed anew each time. Prints one JSON line. Usage: transfer.py probe|layer UNIT IMAGES BATCH EPOCHS
import json, os, statistics, sys, time
import torch, torchvision

method, unit, images, batch, epochs = sys.argv[1], *(int(a) for a in sys.argv[2:6])
torch.manual_seed(0)
torch.set_num_threads(os.cpu_count())
model = torchvision.models.resnet18(weights=None, num_classes=10)
model.conv1, model.maxpool = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False), torch.nn.Identity()
blocks = [b for stage in (model.layer1, model.layer2, model.layer3, model.layer4) for b in stage]
model.eval().requires_grad_(False)
model.fc.requires_grad_(True)
if method == "layer":
    blocks[unit - 1].requires_grad_(True)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01, momentum=0.9, weight_decay=1e-4)
data = torch.randint(0, 256, (images, 3, 32, 32), dtype=torch.uint8)
labels = torch.randint(0, 10, (images,))

def epoch(limit):
    order = torch.randperm(images)
    for i in range(0, limit, batch):
        rows = order[i:i + batch]
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model((data[rows].float() / 255 - 0.45) / 0.23), labels[rows])
        loss.backward()
        optimizer.step()

epoch(2 * batch)
times = []
for _ in range(epochs):
    start = time.perf_counter()
    epoch(images)
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "ms": statistics.median(times)}))
