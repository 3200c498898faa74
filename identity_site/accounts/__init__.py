"""People: who they are, what role they have, how they sign up and in."""
