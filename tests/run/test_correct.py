"""File to file: stopped by its caller, and gone on with."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.batch import correct_all
from holdstill.engines import plan
from holdstill.errors import Stopped


@pytest.fixture
def movie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 4)
    image = np.random.default_rng(0).random((80, 80)).cumsum(0).cumsum(1) % 40 * 20
    frames = np.stack([np.roll(image, t % 5, axis=0) for t in range(24)]).astype(np.uint16)
    tifffile.imwrite(tmp_path / "movie.tif", frames, imagej=True, metadata={"axes": "TYX"})
    return tmp_path / "movie.tif"


@pytest.mark.parametrize("stage", ["template", "correct"])
def test_a_callback_stops_a_run_that_goes_on_to_the_same_bytes(movie: Path, stage: str) -> None:
    target, whole = movie.with_name("still.ome.tif"), movie.with_name("whole.ome.tif")
    calls = []

    def stop_in_the_middle(at: str, done: int, total: int) -> bool:
        calls.append((at, done))
        return at != stage or done < total / 2

    with pytest.raises(Stopped, match=rf"stopped at \d+ of \d+ \({stage}\).*resume=True"):
        hs.correct(movie, target, reference="first", report=False, workers=1, progress=stop_in_the_middle)
    assert calls[-1][0] == stage
    assert not target.exists()
    assert movie.with_name(f".{target.name}.resume").exists() == (stage == "correct")
    hs.correct(movie, target, reference="first", report=False, workers=1, resume=True)
    hs.correct(movie, whole, reference="first", report=False, workers=1)
    assert np.array_equal(tifffile.imread(target), tifffile.imread(whole))


def test_a_stop_ends_all_files_of_a_batch(movie: Path) -> None:
    with pytest.raises(Stopped):
        correct_all([movie], movie.with_name("out"), reference="first", progress=lambda *how_far: False)


def test_a_result_says_what_it_came_from_and_how_it_was_written(movie: Path) -> None:
    """What was asked for, not what was settled since; the region of a crop; files by their content."""
    found = hs.correct(movie, movie.with_name("still.ome.tif"), crop=True, skip_bad=True, report=False)
    known = found.provenance
    assert known["asked"] == {}
    assert known["reading"] == {"skip_bad": True}
    assert known["resampling"]["crop"] == [[side.start, side.stop] for side in found.coverage]
    (name,), (text,) = known["input_files"].keys(), known["input_files"].values()
    assert (Path(name), known["input_path"]) == (movie.resolve(), str(movie))
    assert text.startswith("content:")
    assert known["peak_memory_mb"] > 10
