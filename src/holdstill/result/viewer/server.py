"""A web server on loopback that answers one visitor: whoever has the address with its token, and nobody else."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from holdstill.errors import HoldstillError, InputError

__all__ = ["Answer", "Handler", "Server", "Show"]

HOST, PORTS, LAST_PORT = "127.0.0.1", 20, 65535
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".txt": "text/plain; charset=utf-8"}  # fmt: skip
PAGES = ("index.html", "viewer.js", "viewer.css", "LICENSES.txt")
# the page asks this server and nobody else, and nobody else may show the page in a frame
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
MOST_BODY = 1 << 24
WAIT_S = 0.5  # Windows lets no Ctrl-C through before


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back to the page.

    Attributes
    ----------
    body : bytes
    kind : str
        MIME type.
    headers : mapping of str to str
        More of them.
    status : int
    """

    body: bytes
    kind: str = "application/octet-stream"
    headers: Mapping[str, str] | None = None
    status: int = 200

    @classmethod
    def of_json(cls, content: Any, status: int = 200) -> Answer:
        """A value as JSON."""
        return cls(body=json.dumps(content, allow_nan=False).encode(), kind="application/json", status=status)


Handler = Callable[[dict[str, str], bytes], Answer]


@dataclass(frozen=True, kw_only=True)
class Show:
    """What is shown.

    Attributes
    ----------
    title : str
        Of the page.
    handlers : mapping of str to handler
        By the name that the page asks for: ``{"summary": handler}`` answers ``api/summary?...``. A handler gets the
        query's values and the body of the request.
    close : callable
        Releases files.
    """

    title: str
    handlers: Mapping[str, Handler]
    close: Callable[[], None]


class Stage:
    """Holds what is shown: there at once, or later, and whoever asks before waits."""

    def __init__(self) -> None:
        self._ready, self._show = threading.Event(), Show(title="", handlers={}, close=lambda: None)
        self._error: HoldstillError | None = None
        self.told = threading.Event()  # a page knows what is wrong

    def present(self, show: Show) -> None:
        """Show this from now on."""
        self._show = show
        self._ready.set()

    def fail(self, error: HoldstillError) -> None:
        """Tell whoever asked why there is nothing to show."""
        self._error = error
        self._ready.set()

    def wait(self) -> Show:
        """What is shown, once it is there. Raises HoldstillError where it could not be opened."""
        self._ready.wait()
        if self._error is not None:
            raise self._error
        return self._show

    def close(self) -> None:
        """Release files."""
        self._ready.set()
        self._show.close()


class Server:
    """Serves one `Show` until it is closed.

    Parameters
    ----------
    show : Show, optional
        None: `present` says it later. Until then the page waits, while browser and files are opened side by side.
    port : int
        To begin with; where it is taken the next free one of twenty is used. 0 lets the system choose.

    Raises
    ------
    InputError
        No port is free.

    Attributes
    ----------
    address : str
        With the token: whoever knows it can look.
    moved : bool
        The port asked for was taken.
    """

    def __init__(self, show: Show | None = None, *, port: int = 0) -> None:
        self._stage, self._token = Stage(), secrets.token_urlsafe(24)
        if show is not None:
            self._stage.present(show)
        self._http = self._bind(port)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True, name="viewer")
        self.port = int(self._http.server_address[1])
        self.moved = port not in (0, self.port)
        self.address = f"http://{HOST}:{self.port}/{self._token}/"

    def start(self) -> None:
        """Answer on a thread of its own."""
        self._thread.start()

    def wait(self) -> None:
        """Return once `start` has ended; an interruption comes through."""
        while self._thread.is_alive():
            self._thread.join(WAIT_S)

    def present(self, open_show: Callable[[], Show]) -> None:
        """Show what a function opens; what it raises is told to the page, too."""
        try:
            self._stage.present(open_show())
        except HoldstillError as error:
            self._stage.fail(error)
            raise

    def wait_told(self, seconds: float) -> None:
        """Return once a page was told what is wrong, or after so many seconds."""
        self._stage.told.wait(seconds)

    def serve(self) -> None:
        """Answer until interrupted."""
        self._http.serve_forever()

    def close(self) -> None:
        """Stop, and release what is shown."""
        self._http.server_close()
        self._stage.close()

    def stop(self) -> None:
        """End `start`, then `close`."""
        self._http.shutdown()
        self.close()

    def _bind(self, port: int) -> ThreadingHTTPServer:
        if not 0 <= port <= LAST_PORT:
            raise InputError(f"--port {port} is not a port; give 0 to {LAST_PORT}, 0 for any that is free")
        requests = type("Requests", (_Requests,), {"stage": self._stage, "token": self._token})
        for number in [0] if port == 0 else range(port, min(port + PORTS, LAST_PORT + 1)):
            try:
                return _Http((HOST, number), requests)
            except OSError:
                continue
        last = min(port + PORTS - 1, LAST_PORT)
        raise InputError(f"ports {port} to {last} are all taken; choose another with --port")


class _Http(ThreadingHTTPServer):
    allow_reuse_address = False
    daemon_threads = True


class _Requests(BaseHTTPRequestHandler):
    stage: Stage
    token: str
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "holdstill", ""
    # head and body in one packet, and no waiting for the last one's receipt: 40 ms an answer
    wbufsize, disable_nagle_algorithm = -1, True

    def handle(self) -> None:
        """Answer until the page is closed, which may be in the middle of an answer."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        """Answer a question of the page."""
        self._answer(b"")

    def do_POST(self) -> None:
        """Answer one that comes with a body."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MOST_BODY:
            self._send(_refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            self.close_connection = True
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal belongs to whoever started the viewer."""

    def _answer(self, body: bytes) -> None:
        answer = self._find(body)
        try:
            self._send(answer)
        except ConnectionError:
            self.close_connection = True  # the page went on to something else
            return
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            self.stage.told.set()

    def _find(self, body: bytes) -> Answer:
        parts = urlsplit(self.path)
        token, _, rest = unquote(parts.path).lstrip("/").partition("/")
        own_name = self.headers.get("Host", "") in {f"{name}:{self._port}" for name in (HOST, "localhost")}
        if not own_name or not hmac.compare_digest(token.encode(), self.token.encode()):
            return _refusal(HTTPStatus.FORBIDDEN)
        if rest.startswith("api/"):
            return self._call(rest.removeprefix("api/"), parts.query, body)
        name = rest or "index.html"
        if name not in PAGES:
            return _refusal(HTTPStatus.FORBIDDEN)
        content = files("holdstill.result.viewer").joinpath("page", name).read_bytes()
        return Answer(body=content, kind=TYPES[name[name.rindex(".") :]])

    @property
    def _port(self) -> int:
        address: Any = self.server.server_address
        return int(address[1])

    def _call(self, name: str, query: str, body: bytes) -> Answer:
        values = {key: given[-1] for key, given in parse_qs(query).items()}
        try:
            handlers = self.stage.wait().handlers
            return handlers[name](values, body) if name in handlers else _refusal(HTTPStatus.FORBIDDEN)
        except HoldstillError as error:
            return Answer.of_json({"error": " ".join(str(error).split())}, HTTPStatus.UNPROCESSABLE_ENTITY)
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            return Answer.of_json({"error": f"not understood: {error}"}, HTTPStatus.BAD_REQUEST)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        told = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), "Cache-Control": "no-store",
                "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer", **(answer.headers or {})}  # fmt: skip
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()


def _refusal(status: HTTPStatus) -> Answer:
    return Answer(body=f"{status.value} {status.phrase}\n".encode(), kind="text/plain; charset=utf-8", status=status)
