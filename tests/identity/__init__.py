"""The identity site, seen from a browser and from its database."""
