# PyTorch's side of bench/infer.ts: a forward pass in evaluation mode. Prints one JSON line.
# Usage: infer.py MODEL BATCH RUNS cpu|f32|default|amp
import json, os, statistics, sys, time
import torch, torchvision

name, batch, runs, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
device = "cpu" if mode == "cpu" else "cuda"
torch.manual_seed(0)
torch.set_num_threads(os.cpu_count())
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = mode != "f32"
torch.backends.cudnn.benchmark = True
layout = torch.channels_last if mode == "amp" else torch.contiguous_format
model = getattr(torchvision.models, name)(weights=None).eval().to(device, memory_format=layout)
x = torch.rand(batch, 3, 224, 224).sub(0.5).to(device, memory_format=layout)

def run():
    with torch.no_grad(), torch.autocast(device, enabled=mode == "amp", dtype=torch.float16 if device == "cuda" else torch.bfloat16):
        model(x)
    if device == "cuda":
        torch.cuda.synchronize()

for _ in range(2 if device == "cpu" else 10):
    run()
times = []
for _ in range(runs):
    start = time.perf_counter()
    run()
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "ms": statistics.median(times)}))
