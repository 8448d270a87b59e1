"""What processes say while they start."""

import os
import subprocess
import sys

import pytest

from holdstill.io.quiet import capture_stderr, last_line


def test_what_started_processes_say_is_kept_and_the_stream_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    with capture_stderr() as log:
        subprocess.run([sys.executable, "-c", "import sys; print('one\\n two \\n', file=sys.stderr)"], check=True)
        assert last_line(log) == "two"
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_the_stream_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with capture_stderr():
            os.write(2, b"within\n")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_nothing_said_has_no_last_line() -> None:
    with capture_stderr() as log:
        assert last_line(log) == ""
    assert last_line(None) == ""
