"""Files that people bring and take away: read, looked at, imported whole or not at all; exports."""
