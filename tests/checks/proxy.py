"""Checks the rendered Nginx configuration with Nginx itself and with gixy.

`python -m tests.checks.proxy`
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from embedded import nginx
from embedded.processes import give_to_daemons

_ORIGINS = ("http://localhost:8080", "http://stock.example.com", "https://stock.example.com")


def complaints(origin: str, folder: Path) -> str:
    """Return what is wrong with the proxy's configuration for `origin`; empty when nothing is."""
    prefix = nginx.write_prefix(
        folder / "nginx",
        nginx.variables(
            public_origin=origin,
            listen="127.0.0.1:8080",
            identity="127.0.0.1:8001",
            inventory=f"unix:{folder}/inventory.sock",
            run_dir=str(folder / "nginx"),
            access_log=str(folder / "nginx/access.log"),
        ),
    )
    said = nginx.test(prefix, copies=folder / "programs")
    gixy = subprocess.run(
        [Path(sys.executable).parent / "gixy", prefix / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )
    return said + (gixy.stdout + gixy.stderr if gixy.returncode else "")


def main() -> int:
    """Check every kind of origin and return the exit code."""
    for origin in _ORIGINS:
        folder = Path(tempfile.mkdtemp(prefix="techstock-"))
        try:
            folder.chmod(0o711)
            give_to_daemons(folder)
            if found := complaints(origin, folder):
                print(f"The proxy's configuration for {origin}:\n{found}")
                return 1
        finally:
            shutil.rmtree(folder)
    print(f"Nginx and gixy are content with the proxy's configuration for {len(_ORIGINS)} origins")
    return 0


if __name__ == "__main__":
    sys.exit(main())
