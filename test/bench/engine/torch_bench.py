"""Times training steps of torch: `torch_bench.py SIZE_AS_JSON THREADS [DEVICE]` prints tokens a second, by the median step."""

import json
import statistics
import sys
import time

import torch

from torch_gpt import Gpt, GptConfig, adamw, step


def main(size: dict, threads: int, device: str = "cpu") -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    config = GptConfig(**size["config"])
    rows = torch.randint(0, config.vocabulary, (size["sequences"], size["tokens"] + 1)).to(device)
    batch = rows[:, :-1].contiguous(), rows[:, 1:].contiguous()
    model = Gpt(config).to(device)
    optimizer = adamw(model, (0.9, 0.98), 0.1)
    times = []
    for _ in range(size["warmup"] + size["steps"]):
        started = time.perf_counter()
        step(model, optimizer, batch, 1e-3, 1.0)
        times.append(time.perf_counter() - started)
    median = statistics.median(times[size["warmup"] :])
    print(round(size["sequences"] * size["tokens"] / median))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:4])
