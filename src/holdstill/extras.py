"""Packages that are not always there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from holdstill.errors import MissingExtra

__all__ = ["require"]


def require(package: str, extra: str, purpose: str) -> ModuleType:
    """Import a package of an extra when it is needed.

    Parameters
    ----------
    package : str
        Name to import.
    extra : str
        Name of the extra that installs it.
    purpose : str
        What needs it, to begin the message with.

    Raises
    ------
    MissingExtra
        It is not installed; the text is the pip command.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtra(f'{purpose} needs {package}: pip install "holdstill[{extra}]"') from error
