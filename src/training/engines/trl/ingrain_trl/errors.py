"""What can go wrong, in words that help."""

import errno
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class TrainingError(Exception):
    """Training cannot go on: the message says why, the hint what the user can do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Cancelled(Exception):  # noqa: N818 it is no error
    """The run was asked to stop."""


AGAIN = "The trainer's log says more; resume the run to try again."
SET_UP = "Run Set Up Training Environment, or install requirements.txt into the interpreter."


@contextmanager
def telling() -> Iterator[None]:
    """For a script: an error is one line, and ends it."""
    try:
        yield
    except Exception as error:
        message, hint = describe(error, 1)
        print(f"{message} {hint}", file=sys.stderr)
        sys.exit(1)


def describe(error: BaseException, batch_size: int) -> tuple[str, str]:
    """What happened and what to do, one line each."""
    if isinstance(error, TrainingError):
        return str(error), error.hint
    if is_disk_full(error):
        return (
            "The disk is full.",
            "Free some space and resume the run: it goes on from its last checkpoint.",
        )
    if is_out_of_memory(error):
        return out_of_memory(batch_size)
    if isinstance(error, ModuleNotFoundError):
        return f"The Python package {error.name} is missing.", SET_UP
    if isinstance(error, ImportError):
        return f"A Python package does not fit: {first_line(error)}", SET_UP
    return f"{type(error).__name__}: {first_line(error)}", AGAIN


def out_of_memory(batch_size: int) -> tuple[str, str]:
    """The steps and the order of the rows stay the same with a smaller batch: it accumulates more."""
    message = f"The device's memory is too small for a batch of {batch_size} sequences."
    if smaller := next_batch_size(batch_size):
        return (
            message,
            f"Resume with a batch size of {smaller}: the run goes on from its last checkpoint, and "
            "more batches make a step, so that the result stays the same.",
        )
    return (
        message,
        "Start a run with gradientCheckpointing=true, a smaller contextTokens, LoRA or QLoRA, or a "
        "smaller model.",
    )


def next_batch_size(batch_size: int) -> int:
    """The largest that divides it and is at most half of it; 0 where there is none."""
    return next((n for n in range(batch_size // 2, 0, -1) if batch_size % n == 0), 0)


def is_out_of_memory(error: BaseException) -> bool:
    """CUDA's own error, and what torch says when the machine's memory is at its end."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    told = re.search(r"can't allocate memory|not enough memory|out of memory", str(error))
    return isinstance(error, RuntimeError) and told is not None


def is_disk_full(error: BaseException) -> bool:
    """Python's own error, and those of writers in other languages, which tell it in words."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return re.search(r"No space left on device|os error 28\b", str(error)) is not None


def first_line(error: BaseException) -> str:
    """The first line that says something."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "unknown")
