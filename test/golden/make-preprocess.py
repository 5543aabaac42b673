# Writes preprocess.json: images resized by Pillow, and files decoded and preprocessed by torchvision.
# Run: python3 test/golden/make-preprocess.py (Debian: apt-get install python3-torchvision)

import base64
import io
import json
import pathlib

import numpy as np
import torchvision.transforms as T
from PIL import Image

RESAMPLE = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def text(data):
    return base64.b64encode(data).decode()


def pattern(width, height, channels):
    """Smooth waves and some noise; the test makes the same from the same formula."""
    i = np.arange(width * height * channels, dtype=np.int64)
    return ((i * i * 7 + i * 13) % 251).astype(np.uint8).reshape(height, width, channels)


def smooth(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(float)
    wave = 128 + 70 * np.sin(x / 7 + c) + 50 * np.cos(y / 5 - c)
    noise = np.random.RandomState(1).normal(0, 5, wave.shape)
    return Image.fromarray(np.clip(wave + noise, 0, 255).astype(np.uint8))


def resized():
    cases = []
    for width, height, channels in [(23, 17, 3), (16, 16, 1)]:
        image = pattern(width, height, channels)
        pil = Image.fromarray(image if channels == 3 else image[:, :, 0])
        for interpolation, resample in RESAMPLE.items():
            for to in [(40, 30), (12, 9), (5, 4), (31, 8), (width, height), (1, 1)]:
                out = np.asarray(pil.resize(to, resample))
                cases.append({
                    "from": [width, height, channels],
                    "to": to,
                    "interpolation": interpolation,
                    "bytes": text(out.tobytes()),
                })
    return cases


def encoded(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


def decoded():
    image = smooth(75, 53)
    alpha = image.copy()
    alpha.putalpha(Image.fromarray(pattern(75, 53, 1)[:, :, 0]))
    files = {
        "jpeg": encoded(image, format="JPEG", quality=85, subsampling=2),
        "grey jpeg": encoded(image.convert("L"), format="JPEG", quality=90),
        "png": encoded(image, format="PNG"),
        "palette png": encoded(image.convert("P"), format="PNG"),
        "alpha png": encoded(alpha, format="PNG"),
        "webp": encoded(image, format="WEBP", quality=80),
    }
    plans = [("bilinear", 40, 32), ("bicubic", 36, 32), ("bicubic", 64, 40)]
    cases = []
    for name, file in files.items():
        pil = Image.open(io.BytesIO(file)).convert("RGB")
        outs = []
        for interpolation, side, crop in plans:
            ops = [T.Resize(side, T.InterpolationMode(interpolation)), T.CenterCrop(crop)]
            out = np.asarray(T.Compose(ops)(pil))
            outs.append({"interpolation": interpolation, "side": side, "crop": crop, "bytes": text(out.tobytes())})
        cases.append({"name": name, "file": text(file), "plain": text(np.asarray(pil).tobytes()), "outs": outs})
    return cases


golden = {"resized": resized(), "decoded": decoded()}
path = pathlib.Path(__file__).parent / "preprocess.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
