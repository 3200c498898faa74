"""The database backend: Django's, but it asks less often whether the connection is alive."""
