"""Merges a run's adapter into its base model: `python merge.py RUN_FOLDER OUT_FOLDER`."""

import shutil
import sys
from pathlib import Path

from ingrain_trl.errors import TrainingError, describe
from ingrain_trl.locate import locate
from ingrain_trl.spec import read_spec


def main(folder: Path, out: Path) -> None:
    spec = read_spec(folder)
    adapter = folder / "model"
    if not (adapter / "adapter_config.json").is_file():
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


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("usage: python merge.py RUN_FOLDER OUT_FOLDER", file=sys.stderr)
        sys.exit(2)
    try:
        main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    except Exception as error:
        message, hint = describe(error, 1)
        print(f"{message} {hint}", file=sys.stderr)
        sys.exit(1)
