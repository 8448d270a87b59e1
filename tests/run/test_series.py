"""Serial sections: chained past damaged ones, composed, written once, gone on with."""

import csv
import json
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
import zarr

import holdstill as hs
from holdstill.cli import run
from holdstill.contracts import Verdict
from holdstill.errors import FileInTheWay, HoldstillError, InputError
from holdstill.evaluation.sections import make_sections
from holdstill.io.pyramids.halving import count_levels, halve
from holdstill.run.series.chain import Link, chain_sections, compose_ways, find_ways, order_middles
from holdstill.run.series.page import correlate_neighbours
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (60, 80)


def make_link(fixed: int, moving: int, *, is_good: bool = True, motion: str = "rigid") -> Link:
    parameters = np.array([[2.0, 1.0, 0.1]])
    way = Trajectory.of(motion, parameters, SHAPE).transform(0)
    return Link(fixed=fixed, moving=moving, way=way, verdict=Verdict.OK if is_good else Verdict.MISMATCH, score=0.5)


def test_damaged_sections_are_passed_over() -> None:
    links = chain_sections(7, 3, lambda fixed, moving: make_link(fixed, moving, is_good=5 not in (fixed, moving)))
    assert {k: links[k].fixed for k in (4, 6, 2, 1, 0)} == {4: 3, 6: 4, 2: 3, 1: 2, 0: 1}
    assert not links[5].is_good
    assert set(find_ways(3, links)) == {0, 1, 2, 3, 4, 6}
    apart = chain_sections(9, 0, lambda fixed, moving: make_link(fixed, moving, is_good=moving not in range(3, 7)))
    assert set(find_ways(0, apart)) == {0, 1, 2}
    assert order_middles(5, None) == [2, 1, 3, 0, 4]
    assert order_middles(5, 4) == [4]


def test_ways_are_composed_exactly() -> None:
    points = np.random.default_rng(0).uniform(0, 60, (20, 2))
    ways = [make_link(0, 1).way, make_link(1, 2).way]
    places = ways[1].map(ways[0].map(points))
    for motion in ("rigid", "affine", "dense"):
        found = compose_ways(ways, motion, SHAPE)
        np.testing.assert_allclose(found.transform(0).map(points), places, atol=1e-9)
        still = compose_ways([], motion, SHAPE)
        np.testing.assert_allclose(still.transform(0).map(points), points, atol=1e-9)


def test_dense_ways_are_exact_at_control_points() -> None:
    dense = find_motion("dense", SHAPE)
    bent = np.random.default_rng(1).normal(0, 0.3, dense.count_parameters(2))
    bent[2:6] *= 0.01
    way = dense.transform(bent, SHAPE)
    found = compose_ways([way, way], "dense", SHAPE).transform(0)
    points = dense.grid.points()
    np.testing.assert_allclose(found.map(points), way.map(way.map(points)), atol=1e-8)


def test_levels_are_means_of_two_by_two() -> None:
    image = np.array([[1, 2, 9], [3, 5, 9]], np.uint8)
    assert halve(image).tolist() == [[3]]
    assert halve(image.astype(np.float32)).tolist() == [[2.75]]
    assert halve(image.astype(np.uint16)).dtype == np.uint16
    assert (count_levels(512, 300), count_levels(513, 300), count_levels(2048, 2048)) == (1, 2, 3)


def test_neighbours_are_compared_where_both_are_known() -> None:
    one = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    two = 2 * one + 1
    two[0, 0] = np.nan
    found = correlate_neighbours([one, two, np.full_like(one, np.nan)])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(1)
    assert np.isnan(found[2])


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five sections of one tissue, turned each by its angle, of two sizes; the second one shows something else."""
    folder = tmp_path_factory.mktemp("series")
    images = [
        make_sections((150, 180), moving_shape=(150, 180) if k < 3 else (160, 170), angle_deg=angle, seed=3).moving
        for k, angle in enumerate((40, 0, 20, 0, -30))
    ]
    images[1] = make_sections((150, 180), seed=77).moving
    paths = []
    for k, image in enumerate(images):
        paths.append(folder / f"s{k}.png")
        paths[-1].write_bytes(imagecodecs.png_encode(image))
    return paths


def test_a_series_becomes_a_stack(series: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    found = hs.align_sections(series, out, motion="rigid", fill=245)
    assert found.middle == 2
    assert found.ok.tolist() == [True, False, True, True, True]
    angles = [np.rad2deg(one.parameters[0, 2]) for one in found.registrations]
    np.testing.assert_allclose(np.array(angles)[[0, 3, 4]], [20, -20, -50], atol=0.5)
    stack = zarr.open_group(out / "stack.ome.zarr", mode="r")
    assert stack["0"].shape == (3, 5, 150, 180)
    planes = np.asarray(stack["0"]).mean(axis=0)
    assert (planes[1] == 245).all()
    np.testing.assert_array_equal(np.asarray(stack["0"])[:, 2], np.moveaxis(imagecodecs.imread(series[2]), -1, 0))
    inner = (slice(40, 110), slice(50, 130))
    for k in (0, 3, 4):
        assert np.corrcoef(planes[k][inner].ravel(), planes[2][inner].ravel())[0, 1] > 0.95
    rows = list(csv.DictReader((out / "sections.csv").read_text().splitlines()))
    assert [row["hangs_on"] for row in rows] == ["2", "", "", "2", "3"]
    assert float(rows[3]["neighbour_after"]) > 0.95
    assert float(rows[4]["neighbour_after"]) > 0.95
    assert rows[1]["verdict"] in ("mismatch", "ambiguous", "out_of_range")
    page = (out / "report.html").read_text()
    assert "1 of 5 sections is left blank" in page
    assert f"<td>{float(rows[4]['neighbour_after']):.3f}<" in page.replace("</tr>", "<")  # six digits hide what matters
    assert hs.load(out / "transforms" / "0004.json").ok.all()
    with pytest.raises(FileInTheWay, match="--resume"):
        hs.align_sections(series, out, motion="rigid")
    monkeypatch.setattr("holdstill.run.series.comparing.align_sections", None)  # nothing is compared again
    again = hs.align_sections(series, out, motion="rigid", fill=245, resume=True)
    np.testing.assert_array_equal(again.registrations[4].parameters, found.registrations[4].parameters)


def test_the_command_writes_a_tiff(series: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(path) for path in series[2:]]
    arguments = ["sections", *names, "-o", str(tmp_path / "out"), "--motion", "rigid", "--stack", "stack.ome.tif"]
    assert run([*arguments, "--middle", "0", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sections"], told["middle"], told["left_blank"]) == (3, 0, {})
    rows = list(csv.DictReader((tmp_path / "out" / "sections.csv").read_text().splitlines()))
    assert all(float(row["neighbour_after"]) > 0.9 for row in rows[1:])  # corners that show nothing are black
    with tifffile.TiffFile(tmp_path / "out" / "stack.ome.tif") as tif:
        assert (tif.series[0].axes, tif.series[0].shape) == ("ZYXS", (3, 150, 180, 3))
        np.testing.assert_array_equal(tif.asarray()[0], imagecodecs.imread(series[2]))


def test_forms_are_kept_and_a_channel_chosen_where_that_is_asked_for(series: list[Path], tmp_path: Path) -> None:
    names = [str(path) for path in series[2:4]]
    common = ["--motion", "affine", "--channel", "1", "--middle", "0"]
    for name, extra in (("plain", []), ("kept", ["--keep-form", "2"])):
        assert run(["sections", *names, "-o", str(tmp_path / name), *common, *extra]) == 0
    plain, kept = (hs.load(tmp_path / name / "transforms" / "0001.json") for name in ("plain", "kept"))
    points = np.array([[20.0, 20], [130, 20], [20, 160], [130, 160]])
    spans = [np.linalg.norm(np.diff(one[0].map(points), axis=0), axis=1) for one in (plain, kept)]
    own = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert np.abs(spans[1] - own).max() < np.abs(spans[0] - own).max() / 2
    assert kept.provenance["keep_form"] == 2
    with pytest.raises(InputError, match="has no channel 7"):
        hs.align_sections(names, tmp_path / "out", channel=7)


def test_what_is_no_series_is_refused(series: list[Path], tmp_path: Path) -> None:
    grey = tmp_path / "grey.png"
    grey.write_bytes(imagecodecs.png_encode(np.zeros((40, 40), np.uint8)))
    with pytest.raises(InputError, match=r"grey.png: has 1 channels"):
        hs.align_sections([series[0], grey], tmp_path / "out")
    with pytest.raises(InputError, match="at least two"):
        hs.align_sections(series[:1], tmp_path / "out")
    with pytest.raises(InputError, match="sections 0 to 4"):
        hs.align_sections(series, tmp_path / "out", middle=5)
    with pytest.raises(HoldstillError, match=r"\.ome\.zarr or \.ome\.tif"):
        hs.align_sections(series, tmp_path / "out", stack="stack.png")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(FileInTheWay, match="not made here"):
        hs.align_sections(series, tmp_path / "mine", overwrite=True)
