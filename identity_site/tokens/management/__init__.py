"""Management commands of the identity site."""
