"""Stock counts: what people found on the shelves, and what the book said at that moment."""
