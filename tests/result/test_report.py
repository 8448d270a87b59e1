"""The report: one safe, self-contained page for every kind of result."""

import base64
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import imagecodecs
import numpy as np
import pytest

from holdstill.cli.summary import summary
from holdstill.contracts import Covariance, Verdict
from holdstill.io.array import ArraySource
from holdstill.result.look import choose_flagged
from holdstill.result.registration import Registration
from holdstill.result.report import render
from holdstill.result.report.bending import draw_bending
from holdstill.result.report.control_points import draw_control_points
from holdstill.result.report.methods import methods, references, repeat_command, repeat_python
from holdstill.result.report.pictures import kymographs, list_flagged, mark_options
from holdstill.result.review import Review, review_sources
from holdstill.transforms.motions import find_motion
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
        if not {"style", "script"} & set(self.open):
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

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
    assert not {"link", "iframe", "object", "embed", "base"} & page.tags.keys()
    assert "default-src 'none'" in dict(page.attributes)["content"] or "default-src 'none'" in html
    for attribute, value in page.attributes:
        assert not attribute.startswith("on")
        if attribute in ("src", "href", "xlink:href"):
            assert value.startswith(("data:image/png;base64,", "#"))
    still = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", still))
    assert "@import" not in html
    assert not re.search(r"(fetch|XMLHttpRequest|WebSocket|import)\(", html)
    assert not re.search(r"\bnan\b", page.words)


def test_ids_are_unique_and_every_use_has_its_definition() -> None:
    html = re.sub(r"<script>.*?</script>", "", render(CASES["plain"]), flags=re.DOTALL)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    used = re.findall(r"url\(#([^)]*)\)", html) + re.findall(r'href="#([^"]*)"', html)
    assert set(used) <= set(page.ids)
    assert used


def test_every_colour_of_a_figure_follows_the_page() -> None:
    html = render(replace(CASES["plain"], bound=Covariance.of_errors(np.full((300, 2), 0.008))))
    used, defined = set(re.findall(r"var\(--([a-z-]+)\)", html)), re.findall(r"--([a-z-]+):", html)
    assert {"axis-y", "axis-x", "flag", "score", "soft", "rule"} <= used <= {*defined, "at"}
    assert Counter(defined)["axis-y"] == 2  # light and dark


def test_flagged_frames_are_listed_with_the_reason() -> None:
    words = Page(render(CASES["plain"])).words
    assert f"mismatch: 3-4 2 frames: {Verdict.MISMATCH.reason} Try --motion rigid" in words
    assert render(CASES["plain"]).count("<button type=button data-frame=") == 2


def test_the_page_says_what_the_terminal_says() -> None:
    found = replace(CASES["plain"], clamped=12)
    words = Page(render(found)).words
    told = summary(found, files={}, seconds=1.0)["advice"]
    assert len(told) == 2
    for line in told:
        assert line.partition(": ")[2] in words


def test_one_image_that_was_refused_has_no_list_of_frames() -> None:
    pair = result(1, flagged=(0,))
    page = Page(render(pair))
    assert f"Why it was refused: mismatch {Verdict.MISMATCH.reason}" in page.words
    assert "data-frame" not in render(pair).split("<script")[0]
    assert "Frames are counted" not in page.words


def test_options_stay_whole_and_names_escaped() -> None:
    told = mark_options("<b> try --max-shift 3um, or --channel.")
    assert told == ("&lt;b&gt; try <span class=option>--max-shift</span> 3um, or <span class=option>--channel</span>.")


def test_names_are_escaped() -> None:
    hostile = {"input": HOSTILE, HOSTILE: HOSTILE, "version": HOSTILE, "reference": HOSTILE, "dtype": HOSTILE}
    page = Page(render(result(4, provenance=hostile)))
    assert page.tags["script"] == Page(render(result(4))).tags["script"]
    assert HOSTILE in page.words


def test_same_result_same_bytes() -> None:
    assert render(CASES["plain"]) == render(CASES["plain"])


def test_numbers_and_reasons_are_told() -> None:
    words = Page(render(result(300, flagged=(3, 4), clamped=1234, pixel_size_um=(None, 0.1, 0.2)))).words
    assert "298 of 300 frames were registered" in words
    assert "the corrected pixels themselves were not looked at" in words
    assert "2 mismatch" in words
    assert "1,234" in words
    assert "0.001 × 0.002 µm" in words
    assert "interpolation went beyond the range of uint16. --dtype float32 keeps such values." in words


def test_every_verdict_has_a_meaning() -> None:
    assert {verdict.value for verdict in Verdict if not verdict.reason} == {"ok"}


def test_all_flagged_claims_no_registration() -> None:
    words = Page(render(CASES["all flagged"])).words
    assert "No: none of the 5 frames could be registered (5 mismatch)" in words
    assert "good neighbours" not in words


def test_a_frame_that_agrees_with_itself_is_no_success() -> None:
    found, seen, _ = looked_at(4)
    alone = replace(found, verdicts=(found.verdicts[0], *(found.verdicts[5],) * 11))
    words = Page(render(alone, replace(seen, good=np.arange(len(seen.frames)) == 0))).words
    assert "No: only one of the 12 frames could be registered (11 mismatch)." in words
    assert "agreement with the mean" not in words


def test_volumes_show_all_three_axes() -> None:
    page = Page(render(result(20, ndim=3, pixel_size_um=(1.0, 0.1, 0.1))))
    assert {"z", "y", "x"} <= set(page.text)


def test_a_span_of_rounding_noise_is_none_in_micrometres() -> None:
    shifts = np.array([[2e-8 * t, 0.5 * t, t] for t in range(6)])
    trajectory = Trajectory.of("translation", shifts, (7, 60, 70))
    flat = Registration.of_trajectory(trajectory, pixel_size_um=(1.0, 0.1, 0.1))
    assert "0 × 0.25 × 0.5 µm" in Page(render(flat)).words


def test_long_movies_stay_small() -> None:
    flagged = tuple(range(0, 100_000, 50))
    html = render(result(100_000, flagged=flagged))
    assert len(html) < 3_000_000
    assert html.count("data-frame=") == 4 + 200
    assert "1,796 more are in the table" in html


def test_frames_that_were_refused_for_one_reason_are_a_few_examples_and_a_list() -> None:
    page = render(result(60, flagged=(1, *range(20, 40), 50)))
    shown, _, folded = page.partition("<details>")
    folded, _, after = folded.partition("</details>")
    cards = [int(t) for t in re.findall(r"data-frame=(\d+)>frame", page)]
    assert cards == [1, 26, 33, 50]
    assert shown.count("data-frame=") == 4
    assert "<summary>18 other frames</summary>" in folded
    assert sorted([*cards, *map(int, re.findall(r"data-frame=(\d+)>\d", folded))]) == [1, *range(20, 40), 50]
    assert "<details>" not in after
    assert "<details>" not in render(result(60, flagged=tuple(range(6))))


def test_extremes_survive_thinning() -> None:
    calm = result(100_000, parameters=np.zeros((100_000, 2)))
    jump = calm.parameters.copy()
    jump[54_321, 0] = 7.0
    assert ">7<" in render(result(100_000, parameters=jump)).replace("7.0<", "7<")
    assert ">7<" not in render(calm).replace("7.0<", "7<")


def looked_at(drift: float, *, crop: bool = False) -> tuple[Registration, Review, np.ndarray]:
    """A scene that jumps by whole pixels, one frame of it lost: its true registration, and what is seen of it."""
    rng = np.random.default_rng(7)
    scene = rng.random((60, 70)).cumsum(0).cumsum(1) % 7 * 30
    shifts = np.round(drift * np.sin(np.arange(12)))[:, None] * np.ones((1, 2))
    movie = np.stack([np.roll(scene, tuple(int(d) for d in shift), (0, 1)) for shift in shifts])
    movie = rng.normal(movie, 3).astype(np.float32)
    movie[5] = rng.random(movie[5].shape)
    verdicts = [Verdict.MISMATCH if t == 5 else Verdict.OK for t in range(12)]
    trajectory = Trajectory.of("translation", shifts, scene.shape)
    found = Registration.of_trajectory(trajectory, verdicts, covariance=Covariance.of_errors(np.full((12, 2), 0.01)))
    written = found.apply(movie, crop=crop)
    return found, review_sources(found, ArraySource(movie, axes="TYX"), ArraySource(written, axes="TYX")), movie


def test_means_are_of_the_same_frames_and_numbers_of_the_region_that_all_cover() -> None:
    found, seen, movie = looked_at(4)
    good = [t for t in range(12) if t != 5]
    rows, columns = found.coverage
    assert seen.region == (rows, columns)
    np.testing.assert_allclose(seen.before, movie[good].mean(axis=0), rtol=1e-5)
    written = found.apply(movie)
    mean = written[good].mean(axis=0)[rows, columns]
    expected = [np.corrcoef(frame[rows, columns].ravel(), mean.ravel())[0, 1] for frame in written]
    np.testing.assert_allclose(seen.correlation_after, expected, atol=1e-5)
    assert seen.agreement[1] > 0.99 > 0.9 > seen.agreement[0]
    assert list(seen.thumbnails) == [5]
    assert seen.residual_px < 0.02


def test_infinite_pixels_count_as_unknown_ones() -> None:
    found, _, movie = looked_at(0)
    raw = movie.astype(np.float32)
    raw[3, 20:24, 30:40] = np.nan
    of_nan = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    raw[3, 20:24, 30:40] = np.inf
    seen = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    np.testing.assert_array_equal(seen.before, of_nan.before)
    assert seen.agreement == pytest.approx(of_nan.agreement)
    assert seen.crispness_before == of_nan.crispness_before


def test_unknown_pixels_above_an_offset_leave_correlations_as_they_are() -> None:
    """They counted as zero: the hole that stood still was all that frames had in common."""
    found, _, movie = looked_at(4)
    raw = movie.astype(np.float32) + 5000
    whole = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    raw[:, 20:23, 30:34] = np.nan
    seen = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    assert seen.agreement == pytest.approx(whole.agreement, abs=0.05)


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_correlations_are_of_known_pixels(share: float) -> None:
    found, _, movie = looked_at(4)
    raw = movie.astype(np.float32) + 500
    whole = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    raw[np.random.default_rng(3).random(raw.shape) < share] = np.nan
    seen = review_sources(found, ArraySource(raw, axes="TYX"), ArraySource(found.apply(raw), axes="TYX"))
    assert seen.agreement[1] == pytest.approx(whole.agreement[1], abs=0.01)
    assert seen.crispness_after == pytest.approx(whole.crispness_after, rel=0.05)


def test_motion_that_is_left_is_measured() -> None:
    """Whole pixels that were corrected to half: what is left is a known residual."""
    movie = looked_at(0)[2]
    random = np.random.default_rng(0)
    left = random.normal(0, 0.3, (12, 2))
    smooth = np.stack([np.asarray(frame) for frame in movie])
    smooth[:] = np.sin(np.arange(60) / 5)[:, None] * 40 + np.cos(np.arange(70) / 4) * 40
    trajectory = Trajectory.of("translation", left, (60, 70))
    moved = Registration.of_trajectory(trajectory).apply(smooth, edge="reflect")
    moved += random.normal(0, 2, moved.shape).astype(np.float32)
    still = Registration.of_trajectory(Trajectory.of("translation", np.zeros((12, 2)), (60, 70)))
    seen = review_sources(still, ArraySource(smooth, axes="TYX"), ArraySource(moved, axes="TYX"))
    expected = np.sqrt((left.std(axis=0) ** 2).sum())
    assert seen.residual_px == pytest.approx(expected, rel=0.25)


def test_a_cropped_movie_is_compared_with_the_same_region() -> None:
    found, seen, movie = looked_at(4, crop=True)
    good = [t for t in range(12) if t != 5]
    np.testing.assert_allclose(seen.before, movie[good].mean(axis=0)[found.coverage], rtol=1e-5)
    assert seen.before.shape == seen.after.shape == tuple(side.stop - side.start for side in found.coverage)


@pytest.mark.parametrize(
    ("drift", "level", "words"),
    [(4, "yes", "It worked: a range of 8.00 px was taken out"), (0, "unneeded", "hardly anything to correct")],
)
def test_the_page_answers_from_the_pixels(drift: float, level: str, words: str) -> None:
    found, seen, _ = looked_at(drift)
    html = render(found, seen)
    page = Page(html)
    assert words in page.words
    assert "Look at the flagged frame 5." in page.words
    assert f'class="answer {level}"' in html
    assert html.count("data:image/png") >= 7  # two means, three of a flagged frame, two kymographs
    assert len(html) < 5_000_000


def test_pictures_of_a_flagged_frame_share_a_scale_that_the_empty_border_does_not_set() -> None:
    found, seen, _ = looked_at(4)
    dim = np.random.default_rng(1).uniform(100, 110, (20, 20)).astype(np.float32)
    moved = dim.copy()
    moved[:3] = 0
    html = list_flagged(found, replace(seen, thumbnails={5: (dim, moved)}))
    raw, corrected = (
        imagecodecs.png_decode(base64.b64decode(source)) for source in re.findall('base64,([^"]+)"', html)[:2]
    )
    np.testing.assert_array_equal(raw[3:], corrected[3:])
    assert not corrected[:3].any()


def test_a_saturated_frame_is_white_beside_the_reference() -> None:
    found, seen, _ = looked_at(4)
    full = np.full((20, 20), 65535, np.float32)
    html = list_flagged(found, replace(seen, thumbnails={5: (full, full)}))
    raw = imagecodecs.png_decode(base64.b64decode(re.findall('base64,([^"]+)"', html)[0]))
    assert (raw == 255).all()


def test_a_saturated_frame_does_not_hide_the_others_in_the_kymograph() -> None:
    _, seen, _ = looked_at(4)
    before = seen.kymograph_before.copy()
    before[:, ~seen.good] = 65535
    html = kymographs(replace(seen, kymograph_before=before))
    shown = imagecodecs.png_decode(base64.b64decode(re.findall('base64,([^"]+)"', html)[0]))
    assert np.ptp(shown[:, seen.good]) > 200
    assert (shown[:, ~seen.good] == 255).all()


def test_nothing_is_told_to_be_gained_or_left_where_nothing_was_registered() -> None:
    found, seen, _ = looked_at(4)
    none_good = replace(found, verdicts=(found.verdicts[5],) * 12)
    failed = Page(render(none_good, replace(seen, good=np.zeros(len(seen.frames), bool)))).words
    worse = Page(render(found, replace(seen, correlation_after=seen.correlation_before - 0.1))).words
    told = Page(render(found, seen)).words
    for number, in_worse in (("motion left", True), ("crispness of the mean", False), ("median of 1", True)):
        assert number in told
        assert number not in failed
        assert (number in worse) is in_worse


def test_what_was_made_worse_is_told() -> None:
    waves = np.sin(np.arange(60) / 3)[:, None] * 40 + np.cos(np.arange(70) / 3) * 40
    shifts = np.sin(np.arange(12))[:, None] * np.ones((1, 2))
    true = Registration.of_trajectory(Trajectory.of("translation", shifts, (60, 70)))
    movie = true.inverse.apply(np.stack([waves] * 12), edge="reflect")
    wrong = replace(true, parameters=-shifts)
    written = wrong.apply(movie, edge="reflect")
    seen = review_sources(wrong, ArraySource(movie, axes="TYX"), ArraySource(written, axes="TYX"))
    assert "No: frames agree with their mean less than they did before" in Page(render(wrong, seen)).words


def test_a_pair_shows_parameters_errors_checkerboard_and_colours() -> None:
    image = np.random.default_rng(1).random((40, 48)).astype(np.float32)
    trajectory = Trajectory.of("rigid", np.array([[1.5, -2.0, np.deg2rad(3)]]), (40, 48))
    pair = Registration.of_trajectory(
        trajectory, covariance=Covariance.of_errors(np.array([[0.02, 0.03, 0.001]])), scores=np.array([0.9]),
        corner_errors=np.array([0.05]), images=dict.fromkeys(("reference", "mean_before", "mean_after"), image),
    )  # fmt: skip
    page = Page(render(pair))
    assert "The image was aligned, to within 0.05 px at the corners" in page.words
    assert "rotation 3.0000° ± 0.057°" in page.words
    assert "shift y 1.5000 px ± 0.02 px" in page.words
    for title in ("Checkerboard after", "Overlay before", "Overlay after"):
        assert title in page.words
    assert "data-chart" not in render(pair).split("<script")[0]


def test_matches_of_a_pair_are_drawn_where_they_lie() -> None:
    image = np.random.default_rng(1).random((40, 48)).astype(np.float32)
    matches = np.column_stack([np.arange(300.0) % 80, np.arange(300.0) % 96, np.full((300, 2), 10.0)])
    pictures = dict.fromkeys(("reference", "mean_before", "mean_after"), image)
    trajectory = Trajectory.of("translation", np.zeros((1, 2)), (80, 96))
    pair = Registration.of_trajectory(trajectory, images={**pictures, "matches": matches.astype(np.float32)})
    html = render(pair)
    assert "300 places of the fixed image (left) found again in the moving one; 120 are drawn" in Page(html).words
    lines = re.findall(r'<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"/>', html)
    assert len(lines) == 120
    assert lines[0] == ("0.5", "0.5", "55.5", "5.5")  # pictures half as large, 2 px apart
    for wrong in (matches[:, :3], matches * np.nan):
        assert "Matches." not in Page(render(replace(pair, images={**pictures, "matches": wrong}))).words


def test_how_the_frame_that_bends_most_does_is_drawn() -> None:
    motion = find_motion("piecewise:16", (40, 48))
    parameters = np.zeros((3, motion.grid.n_parameters))
    nodes = parameters.reshape(3, *motion.grid.counts, 2)
    nodes[..., 1] = 5.0  # a shift of the whole is none
    nodes[1, :, -1, 0], nodes[2, :, -1, 0] = 0.2, 0.4
    covariance = Covariance.of_errors(np.full(parameters.shape, 0.01))
    images = {"mean_after": np.random.default_rng(1).random((40, 48)).astype(np.float32)}
    trajectory = Trajectory(motion, parameters, (40, 48))
    drawn = draw_bending(Registration.of_trajectory(trajectory, [Verdict.OK] * 3, covariance=covariance, images=images))
    assert "in frame 2 beyond" in drawn
    ends = np.array(re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+) M", drawn), float)
    moves = (ends[:, 2:] - ends[:, :2])[:, ::-1] / float(re.findall(r"drawn (\d+) times", drawn)[0])
    points = ends[:, 1::-1]
    expected = trajectory.transform(2).map(points) - points
    assert len(points) == 12 * 14
    np.testing.assert_allclose(moves, expected - expected.mean(axis=0), atol=0.05)
    assert draw_bending(CASES["plain"]) == ""
    assert draw_bending(CASES["no frames"]) == ""


def gap_of_one(trajectory: Trajectory, covariance: Covariance) -> str:
    """Drawn where one good frame stands between flagged ones."""
    verdicts = [Verdict.OK, Verdict.MISMATCH, Verdict.OK, Verdict.MISMATCH, *[Verdict.OK] * 4]
    return draw_control_points(Registration.of_trajectory(trajectory, verdicts, covariance=covariance))


def test_control_points_are_drawn_where_they_lie() -> None:
    motion = find_motion("piecewise:16", (40, 48))
    parameters = np.zeros((8, motion.grid.n_parameters))
    nodes = parameters.reshape(8, *motion.grid.counts, 2)
    n_points = int(np.prod(motion.grid.counts))
    nodes[:, 0, 0, 1] = np.arange(8) * n_points / 7  # along x, in the corner; 1 px beside its mean at the end
    covariance = Covariance.of_errors(np.full(parameters.shape, 0.01))
    trajectory = Trajectory(motion, parameters, (40, 48))
    verdicts = [Verdict.OK] * 8
    drawn = draw_control_points(Registration.of_trajectory(trajectory, verdicts, covariance=covariance))
    assert drawn.count("<g ") == n_points
    corner = drawn.split("<g ")[1]
    assert "<title>y 0, x 0 px</title>" in corner
    along_x = re.search(r'class="of-x" d="([^"]+)"', corner)
    assert along_x is not None
    heights = np.array(re.findall(r"[\d.]+ ([\d.]+)", along_x[1]), float)
    np.testing.assert_allclose(heights, 30 * (1 - np.arange(8) / 7), atol=0.06)
    assert f"spans {2 * (n_points - 1):.2f} px" in drawn
    verdicts[3] = Verdict.MISMATCH
    gap = draw_control_points(Registration.of_trajectory(trajectory, verdicts, covariance=covariance)).split("<g ")[1]
    traces = re.search(r'class="of-x" d="([^"]+)"', gap)
    assert traces is not None
    assert traces[1].count("M") == 2
    assert "h0" in gap_of_one(trajectory, covariance)
    long = Trajectory(motion, np.tile(parameters, (100, 1)), (40, 48))
    told = draw_control_points(Registration.of_trajectory(long, [Verdict.OK] * 800))
    assert "lines are means of 14" in told
    assert f"spans {2 * (n_points - 1):.2f} px" in told  # of single frames, not of means
    assert draw_control_points(CASES["plain"]) == ""
    still = Registration.of_trajectory(Trajectory(motion, parameters * 0, (40, 48)), [Verdict.OK] * 8)
    assert draw_control_points(still) == ""


def test_methods_tell_what_is_known() -> None:
    known = {
        "version": "1.2.3", "reference": "template", "template": {"n_good": 8, "rounds": 3}, "method": "Direct",
        "noise": {"gain": 2.0, "read_variance": 9.0, "offset": 100.0}, "resampling": {"interpolation": "cubic"},
    }  # fmt: skip
    found = result(9, flagged=(2,), provenance=known)
    text = methods(found)
    for expected in ("holdstill 1.2.3", "8 frames", "3 times", "2 grey levels", "by cubic", "one frame", "Robinson"):
        assert expected in text
    assert [work.split()[0] for work in references(found)] == ["Clement", "Lucas", "Unser", "Robinson"]


def test_methods_of_another_estimator_claim_no_likelihood() -> None:
    found = result(9, provenance={"method": "PhaseCorrelation", "reference": "first"}, bound=Covariance.unknown(9, 2))
    assert "Kuglin and Hines" in methods(found)
    assert "Gauss-Newton" not in methods(found)
    assert "Robinson" not in methods(found)
    assert len(references(found)) == 1
    matched = result(9, provenance={"method": "Features", "reference": "first"}, bound=Covariance.unknown(9, 2))
    assert "(Fischler and Bolles 1981)" in methods(matched)
    assert references(matched) == (
        "Fischler M. A., Bolles R. C. Random sample consensus. Commun. ACM 24, 381-395 (1981).",
    )


def test_methods_tell_that_features_were_refined_and_how_motion_bends() -> None:
    known = {"method": "Features", "settings": {"refine": True}, "reference": "image"}
    refined = result(9, provenance=known)
    assert "random samples (Fischler and Bolles 1981). They were refined by Gauss-Newton steps" in methods(refined)
    assert [work.split()[0] for work in references(refined)][:2] == ["Fischler", "Lucas"]
    for method in ("Piecewise", "Lines", "OpticalFlow", "Deformable"):
        assert "The estimator was" not in methods(result(9, provenance={"method": method}))


def test_a_tilt_of_millionths_is_told_with_its_unit() -> None:
    """It was shown as -0.0000 px beside a label that ended in "per"."""
    values = np.array([[1.5, -2.0, 0.01, 0.02, 0.03, 0.04, -2e-5, 3e-4]])
    trajectory = Trajectory.of("projective", values, (40, 48))
    covariance = Covariance.of_errors(np.full((1, 8), 1e-7))
    page = Page(render(Registration.of_trajectory(trajectory, covariance=covariance)))
    assert "tilt y -2e-05 per px ± 1e-07 per px" in page.words


def test_how_to_repeat_it_is_a_command_and_python() -> None:
    known = {
        "input": "my movie.tif",
        "asked": {"motion": "rigid", "max_shift": [20.0, 40.0], "reference": "... of ndarray"},
        "resampling": {"interpolation": "lanczos", "edge": "constant", "fill": 0, "crop": [[1, 9], [2, 8]]},
    }  # fmt: skip
    found = result(9, provenance=known)
    command = repeat_command(found)
    assert command == (
        "holdstill correct 'my movie.tif' OUT.ome.tif --motion rigid --max-shift 20,40 --reference REFERENCE "
        "--interpolation lanczos --crop"
    )
    assert "hs.correct('my movie.tif', \"OUT.ome.tif\", motion='rigid', max_shift=[20.0, 40.0]" in repeat_python(found)
    assert repeat_command(result(9, provenance={"input": "array"})) == ""


def test_how_a_pair_is_repeated_names_both_images() -> None:
    known = {
        "input": "a moving.tif", "fixed": "fixed.tif", "asked": {"motion": "translation", "prepare": "none"},
        "reading": {"axes": "YX"}, "resampling": {"interpolation": "cubic", "crop": True},
    }  # fmt: skip
    pair = result(1, provenance=known)
    assert repeat_command(pair) == (
        "holdstill align fixed.tif 'a moving.tif' OUT.ome.tif --axes YX --motion translation --prepare none --crop"
    )
    words = "reg = hs.align('fixed.tif', 'a moving.tif', out=\"OUT.ome.tif\", axes='YX', motion='translation'"
    assert words in repeat_python(pair)
    arrays = {"input": "array", "fixed": "array", "asked": {"motion": "rigid"}}
    assert repeat_command(result(1, provenance=arrays)) == ""
    assert repeat_python(result(1, provenance=arrays)).endswith("hs.align(fixed, moving, motion='rigid')")
    assert "a moving.tif, aligned with fixed.tif" in Page(render(pair)).words


def test_what_was_asked_of_the_reader_is_repeated() -> None:
    known = {"input": "m.tif", "reading": {"skip_bad": True, "scene": 2}, "asked": {"channel": "0"}}
    known |= {"resampling": {"fill": 0, "dtype": "float32"}}
    assert (
        repeat_command(result(9, provenance=known))
        == "holdstill correct m.tif OUT.ome.tif --skip-bad --scene 2 --dtype float32"
    )


def test_a_frame_refused_by_hand_has_that_reason() -> None:
    words = Page(render(CASES["plain"].refused(7))).words
    assert "refused by hand: 7 1 frame: Somebody looked at it, and refused it." in words
    assert "2 mismatch, 1 refused by hand" in words


def test_matches_of_images_of_two_sizes_lie_on_their_own_pictures() -> None:
    random = np.random.default_rng(1)
    images = {name: random.random((60, 60)).astype(np.float32) for name in ("reference", "mean_before", "mean_after")}
    images |= {"matched_fixed": random.random((40, 48)).astype(np.float32)}
    images |= {"matched_moving": random.random((30, 20)).astype(np.float32)}
    images |= {"matches": np.array([[10, 20, 4, 8.0]] * 3, np.float32)}
    trajectory = Trajectory.of("translation", np.zeros((1, 2)), (80, 96))
    known = {"moving_shape": [60, 40]}
    html = render(Registration.of_trajectory(trajectory, images=images, provenance=known))
    assert 'viewBox="0 0 70 40"' in html  # pictures half as large, 2 px apart
    assert '<path d="M10.5 5.5L54.5 2.5"/>' in html
    assert 'x="50" width="20" height="30"' in html


def test_the_median_is_of_good_frames() -> None:
    assert "(median of 11 good frames)" in Page(render(*looked_at(4)[:2])).words


def test_importing_the_result_loads_no_drawing() -> None:
    code = "import holdstill.result.registration, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_flagged_frame_has_a_picture_while_they_are_few() -> None:
    verdicts = [Verdict.OK] * 40
    for t in range(11):
        verdicts[2 * t] = Verdict.MISMATCH
    verdicts[5] = verdicts[7] = Verdict.BLANK
    found = Registration.of_trajectory(Trajectory.of("translation", np.zeros((40, 2)), (8, 8)), verdicts)
    assert len(choose_flagged(found, 24)) == 13
    few = choose_flagged(found, 6)
    assert len(few) == 6
    assert {5, 7} < {*few}  # of each reason some
