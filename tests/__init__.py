"""Tests against the real parts: PostgreSQL, Nginx, both sites, Chromium."""
