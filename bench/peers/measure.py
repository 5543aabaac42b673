# NumPy and SciPy's side of bench/measure.ts: the same metrics from the same file, as people write them: float64 class
# means, Sigma_W by one BLAS product (float32, its fastest), scipy.linalg.pinv(Sigma_B), norm(H_k, 2). Prints one JSON line.
import json, os, statistics, sys, time
import numpy as np, scipy, scipy.linalg

features, labels, rounds_nc1, rounds_all = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

def between(a):
    return a / np.linalg.norm(a)

def measure(everything):
    h, y = np.load(features), np.load(labels)
    n, d = h.shape
    k = int(y.max()) + 1
    rows = [np.flatnonzero(y == c) for c in range(k)]
    mu = np.stack([h[r].mean(0, dtype=np.float64) for r in rows])
    m = mu - mu.mean(0)
    z = h - mu.astype(np.float32)[y]
    sigma_w = z.T @ z / n
    sigma_b = m.T @ m / k
    found = {"nc1": float(np.trace(sigma_w @ scipy.linalg.pinv(sigma_b)) / k)}
    if not everything:
        return found
    v = np.array([np.square(z[r], dtype=np.float64).sum() / len(r) for r in rows])
    pairs = [(i, j) for i in range(k) for j in range(i)]
    gram, simplex = m @ m.T, (np.eye(k) - 1 / k) / np.sqrt(k - 1)
    length = np.linalg.norm(m, axis=1)
    cosine = gram / np.outer(length, length)
    found["cdnv"] = float(np.mean([(v[i] + v[j]) / (2 * np.sum((mu[i] - mu[j]) ** 2)) for i, j in pairs]))
    found["numericalRank"] = float(np.mean([np.linalg.norm(h[r]) ** 2 / np.linalg.norm(h[r], 2) ** 2 for r in rows]))
    found["etfDistance"] = float(np.linalg.norm(between(gram) - simplex))
    found["equinorm"] = float(length.std(ddof=1) / length.mean())
    found["equiangularity"] = float(np.mean([abs(cosine[i, j] + 1 / (k - 1)) for i, j in pairs]))
    found["traceW"], found["traceB"] = float(np.trace(sigma_w)), float(np.trace(sigma_b))
    return found

def timed(everything, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        found = measure(everything)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times), found

nc1_ms, _ = timed(False, rounds_nc1)
all_ms, found = timed(True, rounds_all)
print(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__, "threads": len(os.sched_getaffinity(0)), "nc1_ms": nc1_ms, "all_ms": all_ms, **found}))
