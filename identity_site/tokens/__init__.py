"""The access token: how it is signed, when it is handed out, which key verifies it."""
