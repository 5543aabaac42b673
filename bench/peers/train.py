# PyTorch's side of bench/train.ts: a training step of a network on random images. Prints one JSON line.
# Usage: train.py MODEL BATCH STEPS [f32|default|amp], the last three for CUDA.
import json, os, statistics, sys, time
import torch, torchvision

name, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mode = sys.argv[4] if len(sys.argv) > 4 else "cpu"
device = "cpu" if mode == "cpu" else "cuda"
torch.manual_seed(0)
torch.set_num_threads(os.cpu_count())
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = mode != "f32"
torch.backends.cudnn.benchmark = True

def network():
    if not name.endswith("-cifar"):
        return getattr(torchvision.models, name)(weights=None), 224
    model = getattr(torchvision.models, name[:-6])(weights=None, num_classes=10)
    model.conv1, model.maxpool = torch.nn.Conv2d(3, 64, 3, 1, 1, bias=False), torch.nn.Identity()
    return model, 32

model, side = network()
layout = torch.channels_last if mode == "amp" else torch.contiguous_format
model = model.to(device, memory_format=layout).train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
scaler = torch.cuda.amp.GradScaler(enabled=mode == "amp")
images = torch.randint(0, 256, (256 if mode == "cpu" else 2048, 3, side, side), dtype=torch.uint8).to(device)
labels = torch.randint(0, 10, (len(images),)).to(device)

def step(i):
    rows = torch.arange(i * batch, (i + 1) * batch, device=device) % len(images)
    x = ((images[rows].float() / 255 - 0.45) / 0.23).to(memory_format=layout)
    optimizer.zero_grad()
    with torch.autocast(device, enabled=mode == "amp", dtype=torch.float16 if device == "cuda" else torch.bfloat16):
        loss = torch.nn.functional.cross_entropy(model(x), labels[rows])
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()

def wait():
    if device == "cuda":
        torch.cuda.synchronize()

for i in range(2 if device == "cpu" else 10):
    step(i)
wait()
times = []
for i in range(steps):
    start = time.perf_counter()
    step(i)
    wait()
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "ms": statistics.median(times)}))
