# Reads .safetensors files by the format's description alone, loads each strictly into the network of make-pth.py, and
# prints what PyTorch then holds as JSON, an object a file. Exit 3: no PyTorch.
import json
import struct
import sys

try:
    import torch
except ImportError:
    sys.exit(3)

types = {"F32": torch.float32, "I64": torch.int64}


def held(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        arrays = file.read()
    metadata = header.pop("__metadata__", {})
    state = {
        name: torch.frombuffer(
            bytearray(arrays[e["data_offsets"][0] : e["data_offsets"][1]]), dtype=types[e["dtype"]]
        ).reshape(e["shape"])
        for name, e in header.items()
    }
    net = torch.nn.Sequential(
        torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3), torch.nn.Flatten(), torch.nn.Linear(3, 2)
    )
    net.load_state_dict(state, strict=True)
    tensors = {
        k: {"shape": list(v.shape), "dtype": str(v.dtype), "values": v.reshape(-1).tolist()}
        for k, v in net.state_dict().items()
    }
    return {"metadata": metadata, "state": tensors}


print(json.dumps([held(path) for path in sys.argv[1:]]))
