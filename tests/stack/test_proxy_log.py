"""What Nginx writes down holds nothing that lets somebody else in."""

from pathlib import Path

import httpx

from tests.stack.door import Site, door
from tests.stack_fixture import free_port

SECRETS = {
    "Cookie": "__Host-ts_at=the-secret-token; __Host-id_session=alive",
    "Authorization": "Bearer the-secret-bearer",
    "X-Session-Token": "the-secret-session",
    "X-Password-Reset-Key": "the-secret-key",
}
MAILED = ["/accounts/invitations/the-secret-link/", "/accounts/password/reset/key/1-the-secret/"]


def try_everything(proxy: httpx.Client) -> str:
    """Send secrets wherever they may stand and return what Nginx wrote."""
    for path in ("/", "/accounts/x", "/api/v1/x/", "/accounts/api/v1/access-tokens/", *MAILED):
        for headers in (SECRETS, {"Cookie": SECRETS["Cookie"]}):
            proxy.get(path, headers=headers)
            proxy.post(path, headers=headers, data={"password": "the-secret-password"})
    proxy.get("/accounts/login/?code=the-secret-code")
    proxy.get("/", headers=SECRETS | {"X-Long": "x" * 9000})  # refused before it is understood
    proxy.get("/internal/", headers=SECRETS)
    log: Path = proxy.log  # type: ignore[attr-defined]
    return log.read_text()


def test_secrets_stay_out_of_the_log(identity: Site, inventory: Site) -> None:
    port = free_port()
    sites = [f"127.0.0.1:{site.server_port}" for site in (identity, inventory)]
    identity.prefix = "__Host-"
    with door(
        f"http://localhost:{port}", port=port, identity=sites[0], inventory=sites[1]
    ) as proxy:
        said = try_everything(proxy)
    assert " GET /accounts/invitations/... 200 " in said
    assert "secret" not in said
    assert "new-token" not in said


def test_secrets_stay_out_of_the_log_also_when_a_site_is_away() -> None:
    port, away = free_port(), "127.0.0.1:9"
    with door(f"http://localhost:{port}", port=port, identity=away, inventory=away) as proxy:
        said = try_everything(proxy)
    assert "Connection refused" in said
    assert " POST /accounts/invitations/... 502 " in said
    assert "secret" not in said
