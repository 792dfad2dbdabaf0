"""The embedded engine's model in torch, written as one would for speed: the yardstick of its numerics
and of its tokens per second."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class GptConfig:
    layers: int
    heads: int
    width: int
    context: int
    vocabulary: int

    @property
    def hidden(self) -> int:
        return math.ceil(self.width * 8 / 3 / 32) * 32


def linear(inputs: int, outputs: int, fan_in: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=1 / math.sqrt(fan_in))
    return layer


class Block(nn.Module):
    """Causal attention and SwiGLU, each on the normalised residual stream and added to it."""

    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        width, hidden, depth = config.width, config.hidden, 2 * config.layers
        self.heads = config.heads
        self.query_key_value = linear(width, 3 * width, width)
        self.output = linear(width, width, width * depth)
        self.gate = linear(width, hidden, width)
        self.up = linear(width, hidden, width)
        self.down = linear(hidden, width, hidden * depth)

    def forward(self, x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        batch, time, width = x.shape
        normal = F.layer_norm(x, (width,))
        split = self.query_key_value(normal).view(batch, time, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        query, key = rotate(query, cosines, sines), rotate(key, cosines, sines)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, time, width))
        normal = F.layer_norm(x, (width,))
        return x + self.down(F.silu(self.gate(normal)) * self.up(normal))


def rotate(x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)


class Gpt(nn.Module):
    def __init__(self, config: GptConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        nn.init.normal_(self.embedding.weight, std=0.02)
        self.smear = nn.Parameter(torch.full((config.width,), 0.5))
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        half = config.width // config.heads // 2
        frequencies = 10000 ** -(torch.arange(half, dtype=torch.float64) / half)
        angles = torch.arange(config.context)[:, None] * frequencies
        self.register_buffer("cosines", angles.cos().float(), persistent=False)
        self.register_buffer("sines", angles.sin().float(), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits [batch, time, vocabulary] of tokens [batch, time]."""
        time = tokens.shape[1]
        x = self.embedding(tokens)
        x = x + F.pad(x[:, :-1], (0, 0, 1, 0)) * self.smear
        for block in self.blocks:
            x = block(x, self.cosines[:time], self.sines[:time])
        return F.linear(F.layer_norm(x, (self.config.width,)), self.embedding.weight)

    def loss(self, tokens: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy; a target of -100 carries no loss."""
        return F.cross_entropy(self(tokens).flatten(0, 1), targets.flatten())

    def load(self, tensors: dict[str, Tensor]) -> None:
        """Takes over the engine's weights, as its safetensors file names them."""
        state = {"embedding.weight": tensors["embedding"], "smear": tensors["smear"]}
        for i in range(self.config.layers):
            attention = [tensors[f"layers.{i}.attention.{part}"] for part in ("query", "key", "value")]
            state[f"blocks.{i}.query_key_value.weight"] = torch.cat(attention)
            state[f"blocks.{i}.output.weight"] = tensors[f"layers.{i}.attention.output"]
            for part in ("gate", "up", "down"):
                state[f"blocks.{i}.{part}.weight"] = tensors[f"layers.{i}.feedForward.{part}"]
        self.load_state_dict(state)


def adamw(model: Gpt, betas: tuple[float, float], decay: float) -> torch.optim.AdamW:
    """AdamW in torch's fused form; matrices decay, the smear does not."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, betas=betas, eps=1e-8, fused=True)


def step(model: Gpt, optimizer: torch.optim.Optimizer, batch: tuple[Tensor, Tensor], rate: float, clip: float):
    """One training step; returns loss and gradient norm."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad(set_to_none=True)
    loss = model.loss(*batch)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimizer.step()
    return loss.item(), norm.item()
