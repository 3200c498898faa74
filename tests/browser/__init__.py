"""The whole system in a real browser."""
