"""The identity site: people, roles, sign-in, and the tokens that the inventory site trusts."""
