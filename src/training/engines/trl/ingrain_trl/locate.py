"""Finds the model's files: in a local folder or on the hub; a missing one gives the sentence that helps."""

import os
import re
from pathlib import Path

from .errors import TrainingError

WANTED = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]
HUB_ID = re.compile(r"^[\w.-]+/[\w.-]+$")


def locate(name: str, revision: str | None) -> Path:
    """The folder of the model's files, downloaded when it has to be and may be."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return checked(folder, name)
    if not HUB_ID.match(name) or folder.is_absolute():
        raise TrainingError(
            f"There is no model in {name}.",
            "Name a folder with a model's config.json and *.safetensors, or a hub id such as Qwen/Qwen3-4B.",
        )
    return checked(download(name, revision), name)


def checked(folder: Path, name: str) -> Path:
    if not (folder / "config.json").is_file():
        raise TrainingError(
            f"{name} holds no model: config.json is missing.",
            "Name the folder in which the model's config.json and *.safetensors lie.",
        )
    if not any(folder.glob("*.safetensors")):
        raise TrainingError(
            f"{name} has no weights in the safetensors format.",
            "Other formats can run code when they are read. Convert the model with safetensors first.",
        )
    return folder


def download(name: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    page = f"https://huggingface.co/{name}"
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=WANTED))
    except GatedRepoError as error:
        raise TrainingError(
            f"The model {name} is gated: its owner wants you to accept terms.",
            f"Accept them on {page}, and log in with hf auth login or set HF_TOKEN.",
        ) from error
    except RepositoryNotFoundError as error:
        raise TrainingError(
            f"There is no model {name} on the hub, or your account may not see it.",
            "Check the spelling; for a private model log in with hf auth login or set HF_TOKEN.",
        ) from error
    except RevisionNotFoundError as error:
        raise TrainingError(
            f"The model {name} has no revision {revision}.", f"See its revisions on {page}."
        ) from error
    except (LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        if offline():
            raise TrainingError(
                f"The model {name} is not in this machine's cache, and HF_HUB_OFFLINE forbids to fetch it.",
                "Unset HF_HUB_OFFLINE, or name a local folder that holds the model.",
            ) from error
        raise TrainingError(
            f"The model {name} is not in this machine's cache, and the hub cannot be reached.",
            "Check the network, or name a local folder that holds the model.",
        ) from error
    except (HfHubHTTPError, ConnectionError) as error:
        raise TrainingError(
            f"The hub did not give the model {name}.",
            "Resume the run to try again, or name a local folder that holds the model.",
        ) from error


def offline() -> bool:
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON")
