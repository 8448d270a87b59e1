"""Which references change from frame to frame: by their names, so that whoever asks need not load what follows them."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["FOLLOWING", "is_sequential"]

FOLLOWING = re.compile(r"pairs|rolling|previous(?::([1-9]\d*))?")


def is_sequential(reference: Any) -> bool:
    """Whether a reference is one of these strategies."""
    return isinstance(reference, str) and FOLLOWING.fullmatch(reference) is not None
