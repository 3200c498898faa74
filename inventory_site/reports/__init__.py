"""What there was, what moved, and what it is worth: pages and files for who must explain it."""
