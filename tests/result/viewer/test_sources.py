"""Which movies are shown, and that a corrected file is shown as it was written."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.api import correct
from holdstill.cli import run
from holdstill.errors import FileError, HoldstillError, InputError, MissingFile
from holdstill.evaluation.slides import make_slide
from holdstill.io import open_source
from holdstill.result.registration import load
from holdstill.result.viewer.opening import open_show

FRAMES, HEIGHT, WIDTH, BLANK = 6, 64, 72, 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A movie that drifts by (2, -1) px a frame, with a blank one; corrected as it is, cropped, and without that."""
    place = tmp_path_factory.mktemp("movies")
    scene = np.random.default_rng(2).gamma(2, 40, (HEIGHT, WIDTH))
    frames = np.stack([np.roll(scene, (2 * t, -t), (0, 1)) for t in range(FRAMES)]).astype(np.uint16)
    frames[BLANK] = 7
    tifffile.imwrite(place / "movie.tif", frames, photometric="minisblack", metadata={"axes": "TYX"})
    for name, options in (("still", {}), ("cropped", {"crop": True}), ("fewer", {"repair": "drop"})):
        correct(place / "movie.tif", place / f"{name}.ome.tif", axes="TYX", reference="first", report=False, **options)
    return place


def ask_frame(show, view: str, t: int) -> np.ndarray:
    answer = show.handlers["frame"]({"view": view, "t": str(t), "low": "0", "high": "255"}, b"")
    size = [int(answer.headers[name]) for name in ("X-Rows", "X-Columns")]
    return np.frombuffer(answer.body, np.uint8).reshape(size)


def read_file(path: Path, t: int) -> np.ndarray:
    with open_source(path) as source:
        return np.clip(source.read(t, t + 1)[0, 0].astype(int), 0, 255)


def summarise(show) -> dict:
    return json.loads(show.handlers["summary"]({}, b"").body)


def test_a_cropped_file_lies_where_it_was_cut_out(folder: Path) -> None:
    box = load(folder / "cropped.drift.json").coverage
    assert load(folder / "cropped.drift.json").provenance["resampling"]["crop"] == [[s.start, s.stop] for s in box]
    show = open_show([folder / "cropped.ome.tif"])
    seen = ask_frame(show, "corrected", 3)
    assert seen.shape == (HEIGHT, WIDTH)
    assert np.abs(seen[box].astype(int) - read_file(folder / "cropped.ome.tif", 3)).max() <= 1
    outside = np.ones(seen.shape, bool)
    outside[box] = False
    assert outside.any()
    assert not seen[outside].any()
    assert summarise(show)["written"] == {"box": [[s.start, s.stop] for s in box], "n_frames": FRAMES}
    part = {
        "view": "corrected",
        "t": "3",
        "low": "0",
        "high": "255",
        "y": "10",
        "x": "5",
        "rows": "30",
        "columns": "20",
    }
    answer = show.handlers["frame"](part, b"")
    np.testing.assert_array_equal(np.frombuffer(answer.body, np.uint8).reshape(30, 20), seen[10:40, 5:25])
    show.close()


def test_a_frame_that_was_left_out_is_told(folder: Path) -> None:
    show = open_show([folder / "fewer.ome.tif"])
    np.testing.assert_array_equal(ask_frame(show, "corrected", 5), read_file(folder / "fewer.ome.tif", 4))
    with pytest.raises(FileError, match=f"frame {BLANK} was left out of it"):
        ask_frame(show, "corrected", BLANK)
    assert ask_frame(show, "raw", BLANK).max() == 7
    show.close()


def test_a_result_and_its_movie_in_any_order(folder: Path) -> None:
    for pair in (("still.ome.tif", "movie.tif"), ("movie.tif", "still.ome.tif"), ("still.drift.json", "movie.tif")):
        show = open_show([folder / name for name in pair])
        told = summarise(show)
        assert told["has_result"]
        assert json.loads(show.handlers["drift"]({}, b"").body)["verdicts"][BLANK] == "blank", pair
        assert ask_frame(show, "raw", BLANK).max() == 7, pair
        assert told["names"] == {}
        show.close()
    with pytest.raises(InputError, match="name it first, then its movie"):
        open_show([folder / "movie.tif", folder / "still.drift.json"])


def test_two_movies_are_called_by_their_names(folder: Path, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "other.tif", np.zeros((FRAMES, HEIGHT, WIDTH), np.uint16), metadata={"axes": "TYX"})
    show = open_show([folder / "still.ome.tif", tmp_path / "other.tif"])  # not what it was made of
    told = summarise(show)
    assert told["names"] == {"raw": "still.ome.tif", "corrected": "other.tif"}
    assert not told["has_result"]
    with pytest.raises(InputError, match="there is no result"):
        show.handlers["drift"]({}, b"")
    show.close()


def test_a_result_beside_its_own_movie_is_of_it(folder: Path, tmp_path: Path, monkeypatch) -> None:
    """`holdstill register movie.tif -o movie.drift.json`: the movie is not taken for a corrected one."""
    (tmp_path / "movie.tif").write_bytes((folder / "movie.tif").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert run(["register", "movie.tif", "-o", "movie.drift.json", "--reference", "first", "--axes", "TYX"]) == 0
    show = open_show([Path("movie.tif")])
    assert (ask_frame(show, "raw", 3) != ask_frame(show, "corrected", 3)).any()
    show.close()


def test_what_does_not_fit_is_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = tmp_path / "a 'quoted' <b>.drift.json"
    name.write_bytes((folder / "still.drift.json").read_bytes())
    tifffile.imwrite(tmp_path / "a 'quoted' <b>.tif", np.zeros((2, 30, 30), np.uint16), metadata={"axes": "TYX"})
    with pytest.raises(InputError, match="has 2 frames of 30 x 30 px, which the result beside it"):
        open_show([tmp_path / "a 'quoted' <b>.tif"])
    tifffile.imwrite(tmp_path / "one.tif", np.zeros((30, 30), np.uint16))
    with pytest.raises(InputError, match="1 frame of 30 x 30 px, the result 6 frames"):
        open_show([name, tmp_path / "one.tif"], axes="YX")
    content = json.loads((folder / "still.drift.json").read_text())
    content["provenance"] |= {"input_path": str(tmp_path / "gone" / "movie.tif")}
    name.write_text(json.dumps(content))
    with pytest.warns(UserWarning, match="changed"), pytest.raises(MissingFile) as told:
        open_show([name])
    assert str(told.value).endswith(f"name it: holdstill view {shlex.quote(str(name))} MOVIE")  # as one types it
    with pytest.warns(UserWarning, match="changed"):
        assert run(["movie", str(name), str(tmp_path / "film.gif")]) == 2
    asked = capsys.readouterr().err.strip()
    assert asked.endswith(f"name it: holdstill movie {shlex.quote(str(name))} OUT --raw MOVIE")


@pytest.mark.parametrize(("options", "text"), [([".", "--no-browser"], "holdstill: "), (["--port", "-1"], "--port -1")])
def test_odd_arguments_are_one_line(folder: Path, tmp_path: Path, monkeypatch, capsys, options, text) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = options if options[0] == "." else [str(folder / "movie.tif"), "--no-browser", *options]
    assert run(["view", *arguments]) == 2
    told = capsys.readouterr().err.strip()
    assert text in told
    assert "unexpected" not in told
    assert "\n" not in told


def test_a_film_of_a_corrected_file_with_its_movie_named(folder: Path, tmp_path: Path) -> None:
    command = ["movie", str(folder / "cropped.ome.tif"), str(tmp_path / "film.gif"), "--raw", str(folder / "movie.tif")]
    assert run([*command, "--axes", "TYX"]) == 0
    with pytest.raises(HoldstillError):
        open_show([folder / "movie.tif", folder / "no.tif"])


def test_a_blank_frame_in_the_middle_does_not_set_black_and_white(folder: Path, tmp_path: Path) -> None:
    frames = tifffile.imread(folder / "movie.tif")
    frames[[FRAMES // 2, BLANK]] = frames[[BLANK, FRAMES // 2]]
    tifffile.imwrite(tmp_path / "movie.tif", frames, photometric="minisblack", metadata={"axes": "TYX"})
    found = correct(tmp_path / "movie.tif", tmp_path / "still.ome.tif", axes="TYX", reference="first", report=False)
    assert np.flatnonzero(~found.ok).tolist() == [FRAMES // 2]
    show = open_show([tmp_path / "still.ome.tif"])
    of_result = summarise(show)["limits"]
    show.close()
    show = open_show([tmp_path / "still.ome.tif", tmp_path / "still.ome.tif"])  # two movies, and no result
    of_movie = summarise(show)["limits"]
    show.close()
    for ((black, white),) in (of_result, of_movie):
        assert black < np.median(frames[0]) < white


def test_a_mask_drawn_on_a_raw_frame_is_one_of_the_reference(folder: Path) -> None:
    found = load(folder / "still.drift.json")
    show = open_show([folder / "still.ome.tif"])
    square = [[20.0, 20.0], [20.0, 30.0], [30.0, 30.0], [30.0, 20.0]]
    body = json.dumps({"polygons": [square], "on_frame": False}).encode()
    (placed,) = json.loads(show.handlers["place"]({"t": "3"}, body).body)["polygons"]
    np.testing.assert_allclose(placed, np.array(square) - found.shifts[3], atol=2e-3)
    body = json.dumps({"polygons": [placed], "on_frame": True}).encode()
    (back,) = json.loads(show.handlers["place"]({"t": "3"}, body).body)["polygons"]
    np.testing.assert_allclose(back, square, atol=2e-3)
    show.close()


def test_a_pair_is_shown_fixed_beside_aligned(tmp_path: Path, monkeypatch) -> None:
    """`holdstill align` of two sizes: the moving image lies on another canvas, so raw and corrected cannot be shown."""
    scene = np.random.default_rng(1).poisson(make_slide((90, 90), 1, seed=2).images[0]).astype(np.uint16)
    tifffile.imwrite(tmp_path / "fixed.tif", scene)
    tifffile.imwrite(tmp_path / "moving.tif", scene[4:80, 3:75])
    tifffile.imwrite(tmp_path / "other.tif", scene[:50, :60])
    monkeypatch.chdir(tmp_path)
    assert run(["align", "fixed.tif", "moving.tif", "still.ome.tif", "--motion", "translation", "--no-report"]) == 0
    for given in (
        ["still.drift.json"],
        ["still.ome.tif"],
        ["fixed.tif", "still.ome.tif"],
        ["moving.tif", "still.ome.tif"],
    ):
        show = open_show([Path(name) for name in given])
        assert summarise(show)["names"] == {"raw": "fixed.tif", "corrected": "still.ome.tif"}
        both = [ask_frame(show, view, 0)[20:60, 20:60] for view in ("raw", "corrected")]
        assert np.abs(both[0].astype(int) - both[1]).max() <= 1
        show.close()
    (tmp_path / "fixed.tif").unlink()
    with pytest.raises(InputError, match="holdstill view FIXED ALIGNED"):
        open_show([Path("still.drift.json")])
    with pytest.raises(InputError, match="or align them first: holdstill align"):
        open_show([Path("moving.tif"), Path("other.tif")])


def test_a_table_of_shifts_is_shown_with_its_movie(folder: Path, tmp_path: Path) -> None:
    load(folder / "still.drift.json").export(tmp_path / "shifts.csv")
    show = open_show([tmp_path / "shifts.csv", folder / "movie.tif"])
    assert summarise(show)["has_result"]
    show.close()
    with pytest.raises(InputError, match=r"name it: holdstill view .*shifts\.csv MOVIE"):
        open_show([tmp_path / "shifts.csv"])
