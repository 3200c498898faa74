"""How programs sign in: allauth's headless API, personal tokens, the profile, one OpenAPI page."""
