"""What the two sites promise each other: token, cookies, keys, addresses."""
