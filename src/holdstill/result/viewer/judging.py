"""What is said of frames by hand while they are looked at: it can be taken back, frame by frame."""

from __future__ import annotations

import json

from holdstill.errors import InputError
from holdstill.result.registration import Registration

__all__ = ["Judged", "parse_judgement"]

# accepted, refused, at one of its candidates, or as it was
Said = bool | int | None


class Judged:
    """A result, and what was said of its frames since it was opened.

    Parameters
    ----------
    found : Registration

    Attributes
    ----------
    found : Registration
        The result as it is now.
    times : int
        How often something was said: who knows another number shows what is past.
    """

    def __init__(self, found: Registration) -> None:
        self._original, self.found, self.times = found, found, 0
        self._said: dict[int, bool | int] = {}

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save."""
        return bool(self._said)

    def say(self, frame: int, said: Said) -> None:
        """Take in what is said of a frame; None, and the opposite of what was said before, make it as it was.

        Raises InputError for a frame or a candidate that is not there, or a frame of which nothing was found.
        """
        about = {t: known for t, known in self._said.items() if t != frame}
        is_undone = type(said) is bool and type(self._said.get(frame)) is bool and self._said[frame] is not said
        if said is not None and not (is_undone and self._original.ok[frame] == said):
            about[frame] = said
        self.found = _judge(self._original, about)
        self._said = about
        self.times += 1


def _judge(found: Registration, about: dict[int, bool | int]) -> Registration:
    accepted = [t for t, said in about.items() if said is True]
    refused = [t for t, said in about.items() if said is False]
    found = found.accepted(*accepted) if accepted else found
    found = found.refused(*refused) if refused else found
    for t, number in about.items():
        if type(number) is int:
            found = found.with_candidate(t, number)
    return found


def parse_judgement(body: bytes, n_frames: int) -> tuple[int, Said]:
    """The frame and what is said of it.

    ``{"frame": 12, "accept": false}``; of its places ``{"frame": 12, "candidate": 1}``; as it was
    ``{"frame": 12, "candidate": null}``. Raises ValueError, KeyError or TypeError for what is nothing of that, and
    InputError for a frame that is not there.
    """
    asked = json.loads(body)
    frame, by_place = asked["frame"], "candidate" in asked
    said = asked["candidate" if by_place else "accept"]
    allowed = (int, type(None)) if by_place else (bool,)
    if type(frame) is not int or type(said) not in allowed:
        raise ValueError("a frame is judged by its number and true, false, the number of a candidate or null")
    if not 0 <= frame < n_frames:
        raise InputError(f"there is no frame {frame} of {n_frames}")
    return frame, said
