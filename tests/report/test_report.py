"""The report stands alone, is well-formed, escapes names and stays small, whatever the result."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from holdstill.contracts import Verdict
from holdstill.registration import Registration
from holdstill.report import render

VOID = {"meta", "img", "br", "path", "use", "rect", "stop", "image"}


class Checker(HTMLParser):
    """Counts what is open and collects addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in VOID | {"li", "p"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID | {"li", "p"}:
            assert self.open.pop() == tag


def result(n: int = 40, ndim: int = 2, **changes: object) -> Registration:
    rng = np.random.default_rng(0)
    picture = rng.random((64, 80)).astype(np.float32)
    shape = (12, 64, 80)[-ndim:]
    plain = Registration(
        motion="translation", frame_shape=shape, parameters=rng.normal(size=(n, ndim)).cumsum(axis=0),
        errors=np.full((n, ndim), 0.01), scores=rng.random(n), verdicts=(Verdict.OK,) * n,
        images={"mean_before": picture, "mean_after": picture, "reference": picture},
        provenance={"input": "movie.tif", "noise": {"gain": 1.0, "read_variance": 2.0, "offset": 3.0}},
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


CASES = {
    "plain": result(),
    "volumes": result(ndim=3),
    "one frame": result(1),
    "all flagged": result(5, verdicts=(Verdict.BLANK,) * 5, errors=np.full((5, 2), np.nan)),
    "no pictures": result(images={}, provenance={}),
    "in micrometres": result(pixel_size_um=(None, 0.2, 0.2)),
    "wicked name": result(provenance={"input": "<script>alert(1)</script>.tif", "<b>": "<script>"}),
}


@pytest.mark.parametrize("case", CASES)
def test_page_is_whole_and_stands_alone(case: str) -> None:
    page = render(CASES[case])
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert "script" not in checker.tags
    assert all(address.startswith(("data:", "#")) for address in checker.addresses)


def test_flagged_frames_are_listed_with_the_reason() -> None:
    verdicts = tuple(Verdict.LOW_CONTRAST if t == 7 else Verdict.OK for t in range(40))
    page = render(result(verdicts=verdicts))
    assert "<td>7</td><td>low_contrast</td>" in page
    assert "39 of 40 frames" in page


def test_a_long_movie_makes_a_small_page() -> None:
    verdicts = tuple(Verdict.BLANK if t % 50 == 0 else Verdict.OK for t in range(100_000))
    page = render(result(100_000, verdicts=verdicts))
    assert len(page) < 3_000_000
    assert "first 200 of 2,000" in page
