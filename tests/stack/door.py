"""The real Nginx in front of two servers that repeat what they got."""

import json
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from embedded import nginx, processes
from tests.stack_fixture import free_port, new_data_dir

ERRORS = nginx.PROXY / "errors"
RENEWAL = "/accounts/internal/renewal/"
SESSION_ENDS = [
    "{}ts_at=; Max-Age=0; Path=/",
    "{}ts_fresh=; Max-Age=0; Path=/",
    "{}id_session=; Max-Age=0; Path=/",
]
NEW_TOKEN = [
    "{}ts_at=new-token; HttpOnly; Max-Age=900; Path=/; SameSite=Lax",
    "{}ts_fresh=1; HttpOnly; Max-Age=300; Path=/; SameSite=Lax",
]
# What the identity site answers when asked to renew, by the session: status, token, cookies.
RENEWALS: dict[str, tuple[int, str, list[str]]] = {
    "alive": (204, "new-token", NEW_TOKEN),
    "alive-revoked": (204, "new-token", [NEW_TOKEN[0], SESSION_ENDS[1]]),
    "dead": (204, "", SESSION_ENDS),
    "unproven": (204, "", SESSION_ENDS[:2]),
    "hung": (204, "too-late", NEW_TOKEN),
    **{f"error-{code}": (code, "none-of-it", NEW_TOKEN) for code in (302, 400, 401, 403, 404, 500)},
}


class Site(ThreadingHTTPServer):
    """Repeats every request, and renews as `RENEWALS` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", free_port()), Repeater)
        self.asked: list[dict[str, Any]] = []  # the renewals that were asked for
        self.prefix = ""  # of the cookies


class Repeater(BaseHTTPRequestHandler):
    """Answers every request with what it was, and with headers that a site might send too."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        length = len(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        headers = dict(self.headers.items())
        got = {"method": self.command, "path": self.path, "length": length, "headers": headers}
        if self.path == RENEWAL:
            self.server.asked.append(got)
            return self._renew(headers.get("Cookie", ""))
        body = json.dumps(got | {"site": self.server.server_port}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if "policy" in self.path:
            self.send_header("Content-Security-Policy", "the policy of a page")
        for name in ("X-Access-Token", *(f"X-Set-Cookie-{n}" for n in (1, 2, 3))):
            self.send_header(name, "for nobody's eyes")
        for name in ("X-Request-ID", "X-Frame-Options", "Cross-Origin-Opener-Policy"):
            self.send_header(name, "made up by the site")
        self.end_headers()
        self.wfile.write(body)
        return None

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

    def _renew(self, cookie: str) -> None:
        session = cookie.removesuffix("; ").partition("=")[2]
        status, token, cookies = RENEWALS[session]
        if session == "hung":
            time.sleep(1.5)
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        if token:
            self.send_header("X-Access-Token", token)
        for number, text in enumerate(cookies, start=1):
            self.send_header(f"X-Set-Cookie-{number}", text.format(self.server.prefix))
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def site() -> Iterator[Site]:
    """Serve a site while the block lasts."""
    with Site() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def running(values: dict[str, str], folder: Path) -> Iterator[Path]:
    """Run Nginx with these variables in `folder` and yield the file that holds what it says."""
    log = folder / "said"
    processes.give_to_daemons(folder)
    prefix = nginx.write_prefix(folder / "nginx", values)
    with log.open("ab") as output:  # Nginx opens it once more, as /dev/stdout
        processes.give_to_daemons(log)
        process = processes.start(
            nginx.command(prefix, copies=folder / "programs"),
            environment={},
            directory=folder,
            stop_signal=signal.SIGTERM,
            uid=processes.daemon_uid(),
            output=output,
        )
    try:
        yield log
    finally:
        processes.stop(process, stop_signal=signal.SIGTERM, seconds=10)


@contextmanager
def door(origin: str, *, port: int, identity: str, inventory: str) -> Iterator[httpx.Client]:
    """Yield a client of Nginx, without TLS, whose `log` is the file with what Nginx says."""
    folder = new_data_dir().parent
    values = nginx.variables(
        public_origin=origin,
        listen=f"127.0.0.1:{port}",
        identity=identity,
        inventory=inventory,
        run_dir=str(folder / "nginx"),
        access_log="/dev/stdout",
    )
    with running(values, folder) as log:
        headers = {"Host": origin.partition("//")[2]}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            client.log = log  # type: ignore[attr-defined]
            wait_for(port)
            yield client
    shutil.rmtree(folder)


def wait_for(port: int) -> None:
    """Return when somebody listens on a port of 127.0.0.1."""
    deadline = time.monotonic() + 10
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.02)


def repeated(answer: httpx.Response) -> dict[str, Any]:
    """Return the request as it reached a site."""
    assert answer.status_code == 200, answer.text
    got: dict[str, Any] = answer.json()
    return got


def passed_on(answer: httpx.Response) -> dict[str, str]:
    """Return the headers that reached a site."""
    headers: dict[str, str] = repeated(answer)["headers"]
    return headers


def held(prefix: str, session: str, **others: str) -> dict[str, str]:
    """Return the header of a browser with a token, and no marker unless it is among `others`."""
    cookies = {"ts_at": "old-token", "id_session": session, "inv_csrf": "c"} | others
    return {"Cookie": "; ".join(f"{prefix}{name}={value}" for name, value in cookies.items())}


def cookies_of(answer: httpx.Response) -> set[str]:
    """Return the cookies that reached a site, as `name=value`."""
    return {pair for pair in passed_on(answer).get("Cookie", "").split("; ") if pair}
