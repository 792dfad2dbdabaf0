"""Trains and examines a causal language model on a run folder, with TRL."""
