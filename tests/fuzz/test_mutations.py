"""The quick form of ``make fuzz``: changed files are refused in one line, or read as what they still say they are."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdstill.errors import FileError
from holdstill.io import open_source
from tests.fuzz.corpus import FRAMES, SEEDS, mutate, mutate_copy, write_seeds
from tests.fuzz.judge import READ, REFUSED, WARNED, judge


@pytest.fixture(scope="session")
def seeds(tmp_path_factory):
    return write_seeds(tmp_path_factory.mktemp("fuzz") / "seeds")


QUICK = [kind for kind in SEEDS if kind != "checkpoint"]  # whose cases take a second each; tests of run/ damage it too


@pytest.mark.parametrize("kind", SEEDS)
def test_whole_files_are_read(seeds, kind):
    assert judge(kind, seeds[kind], seeds[kind]) == READ
    if kind not in ("drift.json", "matrices", "checkpoint"):
        with open_source(seeds[kind]) as source:
            np.testing.assert_array_equal(source.read(0, 6)[:, 0], FRAMES)


@pytest.mark.parametrize("kind", QUICK)
def test_changed_files(seeds, kind, tmp_path_factory):
    @settings(max_examples=20)
    @given(number=st.integers(0, 1 << 32))
    def attempt(number):
        path = mutate_copy(seeds[kind], tmp_path_factory.mktemp("case"), random.Random(number))
        assert judge(kind, seeds[kind], path) in (READ, REFUSED, WARNED)

    attempt()


def test_heads_of_arrays_that_are_cut(tmp_path):
    """NumPy reads them as Python, whose own errors derive from nothing that one expects."""
    np.savez(tmp_path / "a.npz", movie=FRAMES)
    content = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "b.npz").write_bytes(content.replace(b"32), }", b"32    "))
    with pytest.raises(FileError, match=r"b\.npz: is not a \.npz that can be read"):
        open_source(tmp_path / "b.npz")


def test_mutations_change_something():
    chance = random.Random(0)
    data = bytes(range(256)) * 8
    assert sum(mutate(data, chance) != data for _ in range(200)) > 190
    assert mutate(b"", chance) == b""
