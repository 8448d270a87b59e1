"""Arrays of a result beside its JSON are guarded as everything else that is written."""

import os
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.errors import FileError, FileInTheWay, MissingFile
from holdstill.evaluation.presets import texture
from holdstill.result.archive import find_archive
from holdstill.run.options import WritingOptions
from holdstill.run.targets import check_free, forget_arrays, list_results, list_saved


@pytest.fixture(scope="module")
def bent() -> hs.Registration:
    """A small result whose arrays stand apart."""
    scene = texture((48, 48))
    frames = np.stack([scene.intensity((0.3 * t, 0.0)) for t in range(3)]).astype(np.float32)
    return hs.register(frames, motion="lines", line_time=0, reference=0, grid=16)


def test_no_list_of_what_is_written_forgets_them(tmp_path: Path) -> None:
    target = tmp_path / "m.ome.tif"
    arrays = find_archive(tmp_path / "m.drift.json")
    assert arrays in list_results(target, WritingOptions())
    assert list_saved(tmp_path / "m.drift.json") == [tmp_path / "m.drift.json", arrays]
    assert list_saved(tmp_path / "m.csv") == [tmp_path / "m.csv"]
    np.savez(arrays, movie=np.zeros((3, 8, 8)))
    with pytest.raises(FileInTheWay, match="fields"):
        check_free(list_results(target, WritingOptions()), overwrite=False)
    with pytest.raises(FileInTheWay):
        check_free(list_results(target, WritingOptions()), overwrite=True, source=arrays)
    with pytest.raises(FileInTheWay):
        check_free(list_results(target, WritingOptions(coverage=arrays)), overwrite=True)


def test_those_of_an_overwritten_result_do_not_stay(tmp_path: Path) -> None:
    target, arrays = tmp_path / "m.ome.tif", tmp_path / "m.drift.fields.npz"
    arrays.write_bytes(b"old")
    forget_arrays(target, [(tmp_path / "part", arrays)])
    assert arrays.exists()
    forget_arrays(target, [(tmp_path / "part", tmp_path / "m.drift.json")])
    assert not arrays.exists()


def test_saving_replaces_nobody_elses(bent: hs.Registration, tmp_path: Path) -> None:
    assert bent.verdicts[0] is Verdict.OK
    path = bent.save(tmp_path / "r.drift.json")
    bent.save(path)
    np.testing.assert_array_equal(hs.load(path).parameters, bent.parameters)
    other = tmp_path / "other.drift.json"
    find_archive(other).write_bytes(b"a movie")
    with pytest.raises(FileInTheWay, match="no part of a result"):
        bent.save(other)
    assert find_archive(other).read_bytes() == b"a movie"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among the files of this system")
def test_arrays_that_are_gone_or_a_pipe_are_told(bent: hs.Registration, tmp_path: Path) -> None:
    path = bent.save(tmp_path / "r.drift.json")
    find_archive(path).unlink()
    with pytest.raises(MissingFile, match="move both together"):
        hs.load(path)
    os.mkfifo(find_archive(path))
    with pytest.raises(FileError, match="pipe"):
        hs.load(path)
