# PyTorch's side of bench/mlp.ts: one training step of the paper's MLP. Prints one JSON line.
import json, statistics, sys, time
import torch

depth, width, batch, steps = (int(a) for a in sys.argv[1:5])
torch.manual_seed(0)
layers = []
for _ in range(depth - 1):
    layers += [torch.nn.Linear(784 if not layers else width, width), torch.nn.ReLU()]
model = torch.nn.Sequential(*layers, torch.nn.Linear(width, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
loss_of = torch.nn.CrossEntropyLoss()
images = torch.randint(0, 256, (6000, 784), dtype=torch.uint8)
labels = torch.randint(0, 10, (6000,))

def step(i):
    rows = torch.arange(i * batch, (i + 1) * batch) % len(images)
    x = (images[rows].float() / 255 - 0.1307) / 0.3081
    optimizer.zero_grad()
    loss = loss_of(model(x), labels[rows])
    loss.backward()
    optimizer.step()
    return loss

for i in range(5):
    step(i)
times = []
for i in range(steps):
    start = time.perf_counter()
    loss = step(i)
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "ms": statistics.median(times), "loss": float(loss)}))
