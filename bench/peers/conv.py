# PyTorch's side of bench/conv.ts: one convolution and both its gradients. Prints one JSON line.
import json, os, statistics, sys, time
import torch

case, repetitions = json.loads(sys.argv[1]), int(sys.argv[2])
torch.manual_seed(0)
torch.set_num_threads(os.cpu_count())
batch, side, groups = case["batch"], case["side"], case["groups"]
x = torch.randn(batch, case["channels"], side, side)
w = torch.randn(case["out"], case["channels"] // groups, case["kernel"], case["kernel"])
steps = [case["stride"]] * 2, [case["padding"]] * 2, [1, 1]
y = torch.nn.functional.conv2d(x, w, None, *steps, groups)
dy = torch.randn_like(y)

def gradient(mask):
    return torch.ops.aten.convolution_backward(dy, x, w, None, *steps, False, [0, 0], groups, mask)

def ms(run):
    run()
    times = []
    for _ in range(max(3, repetitions)):
        start = time.perf_counter()
        run()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)

print(json.dumps({
    "version": torch.__version__,
    "threads": torch.get_num_threads(),
    "forward": ms(lambda: torch.nn.functional.conv2d(x, w, None, *steps, groups)),
    "dx": ms(lambda: gradient([True, False, False])),
    "dw": ms(lambda: gradient([False, True, False])),
}))
