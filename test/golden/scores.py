# Writes scores.json: transferability scores in float64 by other routes than the library's.
# LogME maximises the marginal likelihood directly; H-score has its covariances and pinv written out.
# Run: python3 test/golden/scores.py (Debian: apt-get install python3-numpy python3-scipy)

import json
import pathlib

import numpy as np
from scipy import optimize, stats


def sample(counts, d, spread):
    """The closed form that test/support/golden-scores.ts makes too."""
    rows, labels = [], []
    j = np.arange(d)
    for k, n in enumerate(counts):
        for i in range(n):
            bend = 0.3 * (i + 1) * (k + 2) * (j + 1) ** 2
            ripple = np.sin(0.9 * (k + 1) + 1.3 * (i + 1) * (j + 2) + bend)
            rows.append(np.sin(1.7 * (k + 1) * (j + 1)) + spread * ripple)
            labels.append(k)
    return np.array(rows), np.array(labels)


def log_evidence(x, y):
    """max over a, b of log N(y; 0, I/b + X X^T/a), on a grid and then by Nelder-Mead."""
    gram = x @ x.T
    n = len(y)

    def negative(logs):
        noise, signal = np.exp(np.maximum(logs, -25))
        cov = noise * np.eye(n) + signal * gram
        _, logdet = np.linalg.slogdet(cov)
        return 0.5 * (n * np.log(2 * np.pi) + logdet + y @ np.linalg.solve(cov, y))

    grid = [(a, b) for a in np.linspace(-8, 1, 19) for b in np.linspace(-12, 2, 29)]
    start = min(grid, key=negative)
    options = dict(xatol=1e-10, fatol=1e-14, maxiter=20000, maxfev=20000)
    found = optimize.minimize(negative, start, method="Nelder-Mead", options=options)
    return -optimize.minimize(negative, found.x, method="Nelder-Mead", options=options).fun


def logme(x, labels):
    classes = labels.max() + 1
    scores = [log_evidence(x, (labels == k).astype(float)) / len(x) for k in range(classes)]
    return float(np.mean(scores))


def covariances(x, labels):
    centred = x - x.mean(0)
    means = np.array([centred[labels == k].mean(0) for k in labels])
    return centred, centred.T @ centred / len(x), means.T @ means / len(x)


def h_score(x, labels):
    _, cov, between = covariances(x, labels)
    return float(np.trace(np.linalg.pinv(cov, rcond=1e-11, hermitian=True) @ between))


def h_score_shrunk(x, labels):
    """Ledoit and Wolf 2004 word for word: norms ||A||^2 = tr(A A^T)/d, m, d^2, b^2."""
    centred, cov, between = covariances(x, labels)
    n, d = x.shape
    m = np.trace(cov) / d
    d2 = np.sum((cov - m * np.eye(d)) ** 2) / d
    b2 = sum(np.sum((np.outer(h, h) - cov) ** 2) / d for h in centred) / n**2
    b2 = min(b2, d2)
    a = b2 / d2
    shrunk = (1 - a) * cov + a * m * np.eye(d)
    return float(np.trace(np.linalg.inv(shrunk) @ ((1 - a) * between))), float(a)


def probabilities(x, width):
    logits = np.array([[np.sin(1.1 * (z + 1)) + row[z % len(row)] for z in range(width)] for row in x])
    p = np.exp(2 * logits)
    return p / p.sum(1, keepdims=True)


def leep(theta, labels):
    n, width = theta.shape
    classes = labels.max() + 1
    joint = np.zeros((classes, width))
    for i in range(n):
        joint[labels[i]] += theta[i] / n
    given = joint / joint.sum(0)
    return float(np.mean([np.log(np.sum(given[labels[i]] * theta[i])) for i in range(n)]))


def nearest_mean(x, labels, one_out):
    hits = 0
    for i in range(len(x)):
        rest = np.arange(len(x)) != i if one_out else np.ones(len(x), bool)
        means = [x[rest & (labels == k)].mean(0) for k in range(labels.max() + 1)]
        hits += int(np.argmin([np.sum((x[i] - m) ** 2) for m in means]) == labels[i])
    return hits / len(x)


def probe(x, labels, train):
    """The regression's minimum by Newton-like scipy steps; test rows are those not in train."""
    mean, std = x[train].mean(0), x[train].std(0)
    z = (x - mean) / std
    classes, d = labels.max() + 1, x.shape[1]
    a, y, n = z[train], np.eye(classes)[labels[train]], train.sum()

    def loss(p):
        w, b = p[: classes * d].reshape(classes, d), p[classes * d :]
        logits = a @ w.T + b
        top = logits.max(1, keepdims=True)
        lse = top[:, 0] + np.log(np.exp(logits - top).sum(1))
        value = np.mean(lse - (logits * y).sum(1)) + np.sum(w**2) / (2 * n)
        errors = (np.exp(logits - lse[:, None]) - y) / n
        return value, np.concatenate([(errors.T @ a + w / n).ravel(), errors.sum(0)])

    options = dict(gtol=1e-11, maxiter=100000)
    found = optimize.minimize(loss, np.zeros(classes * (d + 1)), jac=True, method="BFGS", options=options)
    w, b = found.x[: classes * d].reshape(classes, d), found.x[classes * d :]
    right = (z @ w.T + b).argmax(1) == labels
    return dict(loss=float(found.fun), accuracy=float(right[~train].mean()), train=float(right[train].mean()))


def case(counts, d, spread, width):
    x, labels = sample(counts, d, spread)
    shrunk, weight = h_score_shrunk(x, labels)
    train = np.arange(len(x)) % 3 != 2
    return dict(
        counts=counts, d=d, spread=spread, width=width,
        logme=logme(x, labels), hScore=h_score(x, labels), hScoreShrunk=shrunk, shrinkage=weight,
        leep=leep(probabilities(x, width), labels),
        nearestMean=nearest_mean(x, labels, True), nearestMeanBiased=nearest_mean(x, labels, False),
        probe=probe(x, labels, train),
    )


def agreement():
    scores = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0]
    reached = [0.2, 0.3, 0.5, 0.1, 0.4, 0.9, 0.2, 0.6, 0.8]
    return dict(
        scores=scores, reached=reached,
        spearman=float(stats.spearmanr(scores, reached)[0]),
        kendall=float(stats.kendalltau(scores, reached, variant="b")[0]),
        pearson=float(stats.pearsonr(scores, reached)[0]),
        quantiles=[[q, float(np.quantile(scores, q))] for q in [0, 0.025, 0.3, 0.5, 0.975, 1]],
    )


cases = [
    case([8, 8, 8, 8], 6, 1.0, 5),
    case([5, 9, 12, 7], 10, 1.5, 10),
    case([6, 7, 5], 40, 2.0, 7),
    case([10, 14], 3, 2.5, 2),
]
out = dict(cases=cases, agreement=agreement())
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, indent=1) + "\n")
