"""Checks of `make check` that no ready-made tool does."""
