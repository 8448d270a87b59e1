"""Whoever has the address may look; nobody else, and at nothing else."""

import http.client
import json
import socket
import threading
from urllib.request import urlopen

import numpy as np
import pytest
import tifffile

from holdstill.errors import InputError, MissingFile
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Answer, Server, Show


def fail(query, body):
    raise InputError("two\nlines")


@pytest.fixture
def server():
    handlers = {
        "echo": lambda query, body: Answer.of_json({"query": query, "body": body.decode()}),
        "fail": fail,
        "odd": lambda query, body: Answer.of_json(int(query["n"])),
    }
    running = Server(Show(title="test", handlers=handlers, close=lambda: None))
    running.start()
    yield running
    running.stop()


def ask(server, path, method="GET", body=None, host=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{server.port}")
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def token_of(server):
    return server.address.rstrip("/").rpartition("/")[2]


def test_the_page_and_its_questions_are_answered(server) -> None:
    with urlopen(server.address) as answer:
        assert b"<main" in answer.read()
    status, text, headers = ask(server, f"/{token_of(server)}/api/echo?a=1&b=x%20y", "POST", b"{}")
    assert (status, json.loads(text)) == (200, {"query": {"a": "1", "b": "x y"}, "body": "{}"})
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for name in ("viewer.js", "viewer.css", "LICENSES.txt"):
        assert ask(server, f"/{token_of(server)}/{name}")[0] == 200


OUTSIDE = [
    "server.py",
    "../server.py",
    "..%2fserver.py",
    "page/viewer.js",
    "/etc/passwd",
    "%2e%2e/%2e%2e/pyproject.toml",
    "api/",
    "api/../echo",
    "api/unknown",
    "index.html/..",
    "viewer.js%00",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_is_served(server, path) -> None:
    assert ask(server, f"/{token_of(server)}/{path}")[0] == 403


@pytest.mark.parametrize("path", ["/", "/index.html", "/api/echo", "/wrong/", "/wrong/api/echo", "//", "/%ff/api/echo"])
def test_without_the_token_nothing_is_served(server, path) -> None:
    status, text, _ = ask(server, path)
    assert status == 403
    assert token_of(server) not in text


def test_another_name_of_this_machine_is_refused(server) -> None:
    """A page elsewhere whose name was made to point here must not read anything."""
    assert ask(server, f"/{token_of(server)}/", host=f"evil.example:{server.port}")[0] == 403
    assert ask(server, f"/{token_of(server)}/", host=f"localhost:{server.port}")[0] == 200


def test_errors_are_told_in_one_line(server) -> None:
    status, text, _ = ask(server, f"/{token_of(server)}/api/fail")
    assert (status, json.loads(text)) == (422, {"error": "two lines"})
    assert ask(server, f"/{token_of(server)}/api/odd?n=x")[0] == 400
    assert ask(server, f"/{token_of(server)}/api/odd")[0] == 400
    assert ask(server, f"/{token_of(server)}/api/echo", "POST", b"x" * 10)[0] == 200


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"x"', b"{", b"[" * 100_000, b"\xff", b'{"polygons": 3}'])
def test_bodies_that_are_no_question_are_400(movie_folder, body) -> None:
    running = Server(open_show([movie_folder / "still.ome.tif"]))
    running.start()
    for name in ("judge", "mask", "place"):
        assert ask(running, f"/{token_of(running)}/api/{name}?t=1", "POST", body)[0] == 400, name
    assert ask(running, f"/{token_of(running)}/api/summary")[0] == 200
    running.stop()


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_what_is_no_port(port) -> None:
    with pytest.raises(InputError, match=f"--port {port} is not a port"):
        Server(Show(title="test", handlers={}, close=lambda: None), port=port)


def test_the_page_waits_for_what_is_opened_later() -> None:
    running = Server()
    running.start()
    with urlopen(running.address) as answer:  # it loads already
        assert b"<main" in answer.read()
    told = []
    asking = threading.Thread(target=lambda: told.append(ask(running, f"/{token_of(running)}/api/echo?a=1")))
    asking.start()
    asking.join(0.2)
    assert not told
    handlers = {"echo": lambda query, body: Answer.of_json(query)}
    running.present(lambda: Show(title="late", handlers=handlers, close=lambda: told.append("closed")))
    asking.join(10)
    assert told[0][:2] == (200, '{"a": "1"}')
    running.stop()
    assert told[-1] == "closed"


def test_the_page_is_told_why_nothing_was_opened() -> None:
    running = Server()
    running.start()
    with pytest.raises(InputError, match="two\nlines"):
        running.present(lambda: fail({}, b""))
    assert ask(running, f"/{token_of(running)}/api/summary")[:2] == (422, '{"error": "two lines"}')
    running.stop()


def test_only_this_machine_is_listened_to(server) -> None:
    assert server._http.server_address[0] == "127.0.0.1"


def test_tokens_differ_and_a_taken_port_moves_on() -> None:
    show = Show(title="test", handlers={}, close=lambda: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        first = Server(show, port=port)
        second = Server(show)
    assert first.moved
    assert port < first.port < port + 20
    assert not second.moved
    assert token_of(first) != token_of(second)
    assert len(token_of(first)) >= 32
    first.close()
    second.close()


def test_what_is_not_there_is_told(tmp_path, movie_folder, slide_folder) -> None:
    with pytest.raises(MissingFile, match="no such file"):
        open_show([tmp_path / "movie.tif"])
    with pytest.raises(InputError, match="two movies"):
        open_show([movie_folder / "movie.tif"] * 3)
    (tmp_path / "moved.drift.json").write_bytes((movie_folder / "still.drift.json").read_bytes())
    (tmp_path / "movie.tif").write_bytes((slide_folder.parent / "cells.tif").read_bytes())
    with pytest.raises(InputError, match="the result 16 frames of 96 x 96 px"):
        open_show([tmp_path / "moved.drift.json", tmp_path / "movie.tif"])


def test_a_volume_is_asked_for_plane_by_plane(tmp_path) -> None:
    frames = np.random.default_rng(0).integers(0, 999, (4, 2, 5, 40, 50)).astype(np.uint16)
    path = tmp_path / "volumes.ome.tif"
    tifffile.imwrite(path, frames, metadata={"axes": "TCZYX"}, photometric="minisblack")
    show = open_show([path])
    query = {"view": "raw", "t": "2", "channel": "1", "z": "3", "low": "0", "high": "255"}
    answer = show.handlers["frame"](query, b"")
    pixels = np.frombuffer(answer.body, np.uint8).reshape(40, 50)
    np.testing.assert_array_equal(pixels, np.clip(frames[2, 1, 3], 0, 255))
    for wrong in ({"z": "5"}, {"z": "-1"}, {"t": "4"}, {"channel": "2"}, {"view": "../raw"}):
        with pytest.raises(InputError):
            show.handlers["frame"]({**query, **wrong}, b"")
    show.close()
