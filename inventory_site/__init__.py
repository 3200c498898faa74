"""The inventory site: what we have, where it is, and who moved it."""
