"""An adapter and its base model as one model, for servers that know no adapters."""

import shutil
from pathlib import Path

from .errors import TrainingError
from .locate import locate
from .model import ADAPTER
from .spec import read_spec


def write_merged(folder: Path, out: Path) -> None:
    """The merged model of a run, whole or not at all; raises TrainingError where there is no adapter."""
    spec = read_spec(folder)
    adapter = folder / "model"
    if not (adapter / ADAPTER).is_file():
        raise TrainingError(f"{spec.id} has no adapter.", "A run with all weights has its model already.")
    if out.exists() and any(out.iterdir()):
        raise TrainingError(f"{out} is not empty.", "Name a new folder.")
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(adapter)
    base = AutoModelForCausalLM.from_pretrained(
        locate(spec.model, spec.revision), dtype="auto", use_safetensors=True
    )
    if len(tokenizer) > base.get_input_embeddings().num_embeddings:
        base.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    draft = out.with_name(f".{out.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        merged = PeftModel.from_pretrained(base, adapter).merge_and_unload()
        merged.save_pretrained(draft)
        tokenizer.save_pretrained(draft)
        if (adapter / "README.md").exists():
            shutil.copy(adapter / "README.md", draft / "README.md")
        shutil.rmtree(out, ignore_errors=True)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
