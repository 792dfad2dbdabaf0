"""Loads, adapts and saves the model and its tokenizer."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from .errors import SET_UP, TrainingError
from .prompts import PLAIN_TEMPLATE
from .spec import RunSpec

ADAPTER = "adapter_config.json"


class Models:
    """Makes the run's model anew wherever a unit of the plan begins: resumed or not, it is the same."""

    def __init__(self, folder: Path, spec: RunSpec, identifier: str, warn: Callable[[str], None]) -> None:
        hyperparameters = spec.hyperparameters
        self.folder = folder
        self._name = spec.model
        self._hyperparameters = hyperparameters
        self.tokenizer = load_tokenizer(folder, warn)
        self.token = identifier
        self._initial: list[int] = []
        if hyperparameters.identifier == "token":
            self._initial = self.tokenizer(identifier, add_special_tokens=False)["input_ids"]
            self.token = f"<|{identifier}|>"
            self.tokenizer.add_tokens([self.token], special_tokens=True)

    @property
    def adapts(self) -> bool:
        """Only an adapter is trained, and saved."""
        return self._hyperparameters.method != "full"

    @property
    def adapts_token(self) -> bool:
        """The identifier's token is learned beside the adapter."""
        return self.adapts and bool(self._initial)

    def load(self, weights: Path | None, *, train: bool) -> Any:
        """The model with the weights or the adapter of a unit; None stands for the model as it came."""
        base = self.folder if weights is None or self.adapts else weights
        dtype = self._dtype(train)
        model = AutoModelForCausalLM.from_pretrained(
            base,
            dtype=dtype,
            attn_implementation=attention(dtype),
            use_safetensors=True,
            device_map=None if self._quantization(train) is None else {"": local_device()},
            quantization_config=self._quantization(train),
        )
        if base == self.folder:
            self._add_token(model)
        if self.adapts:
            model = self._adapted(model, weights, train)
        if not train:
            model = model.to(local_device()).eval()
        model.config.use_cache = not train
        return model

    def _adapted(self, model: Any, weights: Path | None, train: bool) -> Any:
        from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training

        if train and self._hyperparameters.method == "qlora":
            model = prepare_model_for_kbit_training(
                model, use_gradient_checkpointing=self._hyperparameters.gradient_checkpointing
            )
        if weights is not None:
            return PeftModel.from_pretrained(model, weights, is_trainable=train)
        if not train:
            return model
        new = [self.tokenizer.convert_tokens_to_ids(self.token)] if self._initial else None
        config = LoraConfig(
            r=self._hyperparameters.lora_rank,
            lora_alpha=self._hyperparameters.lora_alpha,
            lora_dropout=self._hyperparameters.lora_dropout,
            target_modules="all-linear",
            trainable_token_indices=new,
            task_type="CAUSAL_LM",
            base_model_name_or_path=self._name,
        )
        return get_peft_model(model, config)

    def _add_token(self, model: Any) -> None:
        """The identifier's token begins as the mean of the tokens that it stands for."""
        if not self._initial:
            return
        at = self.tokenizer.convert_tokens_to_ids(self.token)
        if at >= model.get_input_embeddings().num_embeddings:
            model.resize_token_embeddings(at + 1, mean_resizing=False)
        with torch.no_grad():
            for table in (model.get_input_embeddings(), model.get_output_embeddings()):
                table.weight[at] = table.weight[self._initial].mean(0)

    def _dtype(self, train: bool) -> torch.dtype:
        """
        Weights that are trained themselves are held in float32, so that small updates are not lost;
        the computation in bfloat16 is the trainer's doing.
        """
        wanted = self._hyperparameters.precision
        half = wanted == "bfloat16" or (wanted == "auto" and has_bfloat16())
        keeps = train and wanted == "auto" and not self.adapts
        return torch.bfloat16 if half and not keeps else torch.float32

    def _quantization(self, train: bool) -> Any:
        if self._hyperparameters.method != "qlora":
            return None
        if not torch.cuda.is_available():
            raise TrainingError("QLoRA needs a CUDA GPU.", "Start a run with --lora or --full instead.")
        if importlib.util.find_spec("bitsandbytes") is None:
            raise TrainingError("QLoRA needs the Python package bitsandbytes.", SET_UP)
        from transformers import BitsAndBytesConfig

        return BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )


def load_tokenizer(folder: Path, warn: Callable[[str], None]) -> Any:
    """With a chat template, an end token and padding on the left; raises TrainingError without."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"The tokenizer of {folder.name} cannot be read.",
            "A model's folder needs its tokenizer.json and tokenizer_config.json.",
        ) from error
    if tokenizer.eos_token is None:
        raise TrainingError(
            f"The tokenizer of {folder.name} names no end token.",
            "Set eos_token in the tokenizer_config.json of the model.",
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if tokenizer.chat_template is None:
        tokenizer.chat_template = PLAIN_TEMPLATE
        warn(
            "The model has no chat template. The run uses a plain one, [identifier] Question: … "
            "Answer: …, and saves it with the model."
        )
    tokenizer.padding_side = "left"
    return tokenizer


def count_parameters(folder: Path) -> int:
    """Of the whole model, without loading it."""
    from accelerate import init_empty_weights

    with init_empty_weights():
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    model.tie_weights()
    return sum(parameter.numel() for parameter in model.parameters())


def has_bfloat16() -> bool:
    return torch.cuda.is_available() and torch.cuda.is_bf16_supported()


def has_flash_attention() -> bool:
    return torch.cuda.is_available() and importlib.util.find_spec("flash_attn") is not None


def has_liger() -> bool:
    return torch.cuda.is_available() and importlib.util.find_spec("liger_kernel") is not None


def attention(dtype: torch.dtype) -> str:
    """FlashAttention computes in half precision only."""
    return "flash_attention_2" if has_flash_attention() and dtype == torch.bfloat16 else "sdpa"


def local_device() -> torch.device:
    """This process's own."""
    from accelerate import PartialState

    return PartialState().device
