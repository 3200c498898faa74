"""Checks the rendered Nginx configuration with Nginx itself and with gixy.

`python -m tests.checks.proxy`
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded import nginx
from embedded.processes import give_to_daemons
from tests.certificate import self_signed

# As make run and containers have it, behind somebody else's TLS, and with TLS of its own.
RENDERINGS = [
    ("http://localhost:8080", False),
    ("http://stock.example.com", False),
    ("https://stock.example.com", False),
    ("https://stock.example.com", True),
]


@contextmanager
def rendered(origin: str, *, with_tls: bool) -> Iterator[Path]:
    """Yield a throw-away prefix with the configuration for `origin`."""
    folder = Path(tempfile.mkdtemp(prefix="techstock-"))
    try:
        folder.chmod(0o711)
        give_to_daemons(folder)
        prefix = folder / "nginx"
        values = nginx.variables(
            public_origin=origin,
            listen="127.0.0.1:8080",
            identity="127.0.0.1:8001",
            inventory=f"unix:{folder}/inventory.sock",
            run_dir=str(prefix),
            access_log=str(prefix / "access.log"),
            tls=nginx.Tls("127.0.0.1:8443", *self_signed(folder)) if with_tls else None,
        )
        yield nginx.write_prefix(prefix, values)
    finally:
        shutil.rmtree(folder)


def complaints(prefix: Path) -> str:
    """Return what is wrong with a configuration, however slightly; empty when nothing is."""
    said = nginx.test(prefix, copies=prefix.parent / "programs")
    gixy = subprocess.run(
        [Path(sys.executable).parent / "gixy", prefix / "nginx.conf"],  # all severities
        capture_output=True,
        text=True,
        check=False,
    )
    return said + (gixy.stdout + gixy.stderr if gixy.returncode else "")


def main() -> int:
    """Check every rendering and return the exit code."""
    for origin, with_tls in RENDERINGS:
        with rendered(origin, with_tls=with_tls) as prefix:
            if found := complaints(prefix):
                how = ", with TLS" if with_tls else ""
                print(f"The proxy's configuration for {origin}{how}:\n{found}")
                return 1
    print(f"Nginx and gixy are content with {len(RENDERINGS)} renderings of the proxy's templates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
