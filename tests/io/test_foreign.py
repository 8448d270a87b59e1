"""Errors of other packages are told, or cost what they say of a file alone."""

import pytest

from holdstill.errors import FileError, InputError
from holdstill.io.foreign import ask_foreign, call_foreign


def fail(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(("error", "told"), [(KeyError("SizeX"), "'SizeX'"), (OSError(), "OSError")])
def test_any_error_is_explained_by_its_first_line(error: Exception, told: str) -> None:
    with pytest.raises(FileError, match=f"a.nd2: {told}") as caught:
        call_foreign(lambda: fail(error), lambda reason: FileError(f"a.nd2: {reason}"))
    assert caught.value.__cause__ is error


def test_own_errors_pass() -> None:
    with pytest.raises(InputError, match="ours"):
        call_foreign(lambda: fail(InputError("ours")), FileError)


def test_what_cannot_be_said_is_left_out() -> None:
    assert ask_foreign(lambda: fail(ValueError()), None) is None
    assert ask_foreign(lambda: 3, 0) == 3
    with pytest.raises(KeyboardInterrupt):
        ask_foreign(lambda: fail(KeyboardInterrupt()), None)
