"""The inventory site alone, against a real PostgreSQL as the role that serves."""
