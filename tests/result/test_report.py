"""The report: one safe, self-contained page for every kind of result."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import Covariance, Verdict
from holdstill.result.registration import Registration
from holdstill.result.report import render
from holdstill.result.report.methods import methods
from holdstill.transforms.trajectory import Trajectory

VOID = {"meta", "img", "br", "link", "input", "hr"}
HOSTILE = "<script>alert(1)</script>\"'&.tif"


class Page(HTMLParser):
    """Tags, ids, attributes and visible text; fails where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join("".join(self.text).split())

    @property
    def ids(self) -> list[str]:
        return [value for name, value in self.attributes if name == "id"]


def result(n_frames: int, *, ndim: int = 2, flagged: tuple[int, ...] = (), **fields: Any) -> Registration:
    rng = np.random.default_rng(4)
    verdicts = [Verdict.OK] * n_frames
    errors = np.full((n_frames, ndim), 0.01)
    for frame in flagged:
        verdicts[frame], errors[frame] = Verdict.MISMATCH, np.nan
    image = rng.random((40, 48)).astype(np.float32)
    image[:3] = np.nan
    trajectory = Trajectory.of("translation", rng.normal(size=(n_frames, ndim)).cumsum(axis=0), (7, 40, 48)[-ndim:])
    content: dict[str, Any] = {
        "covariance": Covariance.of_errors(errors),
        "corner_errors": errors[:, 0],
        "scores": rng.uniform(0.8, 0.9, n_frames),
        "images": {"mean_before": image, "mean_after": image},
        "provenance": {"version": "1.2.3", "input": "movie.tif", "reference": "first", "dtype": "uint16"},
    }
    return replace(Registration.of_trajectory(trajectory, verdicts, **content), **fields)


CASES = {
    "plain": result(300, flagged=(3, 4)),
    "volumes": result(20, ndim=3),
    "one frame": result(1),
    "no frames": result(0),
    "all flagged": result(5, flagged=tuple(range(5))),
    "no error bars": result(30, covariance=Covariance.unknown(30, 2)),
    "no motion": result(30, parameters=np.zeros((30, 2)), covariance=Covariance.of_errors(np.zeros((30, 2)))),
    "unknown shifts": result(4, parameters=np.full((4, 2), np.nan)),
    "constant pictures": result(
        4, images={name: np.ones((8, 8), np.float32) for name in ("mean_before", "mean_after")}
    ),
    "unknown pictures": result(4, images={name: np.full((8, 8), np.nan) for name in ("mean_before", "mean_after")}),
    "one picture": result(4, images={"reference": np.ones((8, 8), np.float32)}),
    "bare": result(4, images={}, provenance={}),
    "strange provenance": result(4, provenance={"template": 3, "noise": {"gain": "x"}, "seconds": [1.0, None]}),
}


@pytest.mark.parametrize("name", CASES)
def test_page_is_well_formed_and_loads_nothing(name: str) -> None:
    html = render(CASES[name])
    page = Page(html)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & page.tags.keys()
    for attribute, value in page.attributes:
        assert not attribute.startswith("on")
        if attribute in ("src", "href", "xlink:href"):
            assert value.startswith(("data:image/png;base64,", "#"))
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", html))
    assert "@import" not in html
    assert not re.search(r"\bnan\b", page.words)


def test_ids_are_unique_and_every_use_has_its_definition() -> None:
    html = render(CASES["plain"])
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    used = re.findall(r"url\(#([^)]*)\)", html) + re.findall(r'href="#([^"]*)"', html)
    assert set(used) <= set(page.ids)
    assert used


def test_every_colour_of_a_figure_follows_the_page() -> None:
    html = render(CASES["plain"])
    used, defined = set(re.findall(r"var\(--([a-z-]+)\)", html)), re.findall(r"--([a-z-]+):", html)
    assert {"axis-y", "axis-x", "flag", "score", "soft", "rule"} <= used <= set(defined)
    assert Counter(defined)["axis-y"] == 2  # light and dark


def test_flagged_frames_are_listed_with_the_reason() -> None:
    html = render(CASES["plain"])
    assert f"<td>3</td><td>mismatch</td><td>{Verdict.MISMATCH.reason}</td>" in html
    assert html.count("<td>mismatch</td>") == 2


def test_names_are_escaped() -> None:
    hostile = {"input": HOSTILE, HOSTILE: HOSTILE, "version": HOSTILE, "reference": HOSTILE, "dtype": HOSTILE}
    page = Page(render(result(4, provenance=hostile)))
    assert "script" not in page.tags
    assert HOSTILE in page.words


def test_same_result_same_bytes() -> None:
    assert render(CASES["plain"]) == render(CASES["plain"])


def test_numbers_and_reasons_are_told() -> None:
    words = Page(render(result(300, flagged=(3, 4), clamped=1234, pixel_size_um=(None, 0.1, 0.2)))).words
    assert "298 of 300 frames were registered" in words
    assert "2 mismatch" in words
    assert "1,234" in words
    assert "0.001 × 0.002 µm" in words
    assert "to the range of uint16" in words


def test_every_verdict_has_a_meaning() -> None:
    assert {verdict.value for verdict in Verdict if not verdict.reason} == {"ok"}


def test_all_flagged_claims_no_registration() -> None:
    words = Page(render(CASES["all flagged"])).words
    assert "None of the frames could be registered" in words
    assert "good neighbours" not in words


def test_volumes_show_all_three_axes() -> None:
    page = Page(render(result(20, ndim=3, pixel_size_um=(1.0, 0.1, 0.1))))
    assert {"z", "y", "x"} <= set(page.text)
    assert "Maximum along z" in page.words


def test_long_movies_stay_small() -> None:
    flagged = tuple(range(0, 100_000, 50))
    html = render(result(100_000, flagged=flagged))
    assert len(html) < 3_000_000
    assert html.count("<td>mismatch</td>") == 200
    assert "first 200 of 2,000" in html


def test_extremes_survive_thinning() -> None:
    calm = result(100_000, parameters=np.zeros((100_000, 2)))
    jump = calm.parameters.copy()
    jump[54_321, 0] = 7.0
    assert ">7<" in render(result(100_000, parameters=jump)).replace("7.0<", "7<")
    assert ">7<" not in render(calm).replace("7.0<", "7<")


def test_methods_tell_what_is_known() -> None:
    text = methods(
        result(
            9, flagged=(2,),
            provenance={
                "version": "1.2.3", "reference": "template", "template": {"n_good": 8, "rounds": 3},
                "noise": {"gain": 2.0, "read_variance": 9.0, "offset": 100.0}, "resampling": {"interpolation": "cubic"},
            },
        )
    )  # fmt: skip
    for expected in ("holdstill 1.2.3", "8 frames", "2 grey levels per photon", "by cubic", "One frame", "Robinson"):
        assert expected in text


def test_importing_the_result_loads_no_drawing() -> None:
    code = "import holdstill.result.registration, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
