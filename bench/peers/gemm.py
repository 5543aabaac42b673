# PyTorch's side of bench/gemm.ts: one square f32 product. Prints one JSON line.
import json, sys, time
import numpy as np
import torch

size, rounds = (int(a) for a in sys.argv[1:3])

# Element i is a hash of i and the seed, in [-0.5, 0.5).
def matrix(seed):
    i = np.arange(seed, seed + size * size, dtype=np.uint64)
    hashed = (i * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    return torch.from_numpy((hashed.astype(np.float64) / 2**32 - 0.5).astype(np.float32).reshape(size, size))

a, b = matrix(1), matrix(2)
for _ in range(2):
    c = a @ b
times = []
for _ in range(rounds):
    start = time.perf_counter()
    c = a @ b
    times.append(1e3 * (time.perf_counter() - start))
samples = [float(c[(t * 7919) % size, (t * 104729) % size]) for t in range(64)]
print(json.dumps({"times": times, "samples": samples, "version": torch.__version__, "threads": torch.get_num_threads()}))
