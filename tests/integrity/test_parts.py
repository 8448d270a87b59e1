"""Threshold, rows, indices, tables: each on its own."""

import csv

import numpy as np
import pytest
from scipy import ndimage

from holdstill.devices.cpu import CpuDevice
from holdstill.integrity.labels import CellIndex, Tiles
from holdstill.integrity.rows import AlignedRows, FileRows
from holdstill.integrity.tables import COLUMNS, write_csv
from holdstill.integrity.threshold import split_correlations
from holdstill.integrity.value import Integrity
from holdstill.io.array import ArraySource
from holdstill.transforms import Transform


def correlations(mean, n, seed, sigma=0.2):
    return np.tanh(np.random.default_rng(seed).normal(np.arctanh(mean), sigma, n))


@pytest.mark.parametrize("share", [0.01, 0.05, 0.4, 0.8])
def test_two_components_are_split(share) -> None:
    n_lost = int(20_000 * share)
    lost, kept = correlations(0.0, n_lost, 0, 0.08), correlations(0.9, 20_000 - n_lost, 1)
    split = split_correlations(np.concatenate([lost, kept, [np.nan]]), 200)
    wrong = (lost >= split.threshold).sum() + (kept < split.threshold).sum()
    assert wrong <= 20
    assert "two components" in split.how


@pytest.mark.parametrize("n", [3, 10, 30, 100, 300])
def test_few_cells_of_one_population_are_kept(n: int) -> None:
    """Of 10 cells of which none was lost, 46 % were called so."""
    movies = [correlations(0.9, n, seed) for seed in range(20)]
    lost = [(found < split_correlations(found, 100).threshold).mean() for found in movies]
    assert np.mean(lost) < 0.01
    mixed = np.concatenate([correlations(0.0, max(n // 10, 1), 1), correlations(0.9, n, 2)])
    kept = mixed >= split_correlations(mixed, 100).threshold
    assert not kept[: max(n // 10, 1)].any()
    assert kept[max(n // 10, 1) :].mean() > 0.95


def test_one_population_is_not_split() -> None:
    split = split_correlations(correlations(0.9, 20_000, 2), 200)
    assert (correlations(0.9, 20_000, 3) < split.threshold).mean() < 0.001
    assert "one population" in split.how


@pytest.mark.parametrize(("share", "lost"), [(0.0, 0.0), (0.03, 0.03)])
def test_dim_nuclei_are_not_lost(share: float, lost: float) -> None:
    """A third of the nuclei are dim and correlate by 0.6, by their noise: 80 % of them were called lost."""
    n = 6000
    there = np.concatenate([correlations(0.6, n // 3, 0, 0.15), correlations(0.95, 2 * n // 3, 1, 0.2)])
    gone = correlations(0.0, int(share * n), 2, 0.08)
    split = split_correlations(np.concatenate([there, gone]), 150)
    assert (there < split.threshold).mean() < 0.02
    assert not share or (gone >= split.threshold).mean() < 0.1
    assert "0.60" in split.how


def test_scraps_of_two_pixels_tell_nothing() -> None:
    """Two pixels correlate by 1 or -1 whatever they show: one such label put all cells among the lost."""
    kept = correlations(0.8, 2800, 0, 0.2).reshape(-1, 1)
    scraps = np.where(np.random.default_rng(1).random((4, 1)) < 0.5, 1.0, -1.0)
    area = np.concatenate([np.full(2800, 150), np.full(4, 2)])
    split = split_correlations(np.concatenate([kept, scraps]), area)
    assert (kept < split.threshold).mean() < 0.02
    assert split.threshold == split_correlations(kept, area[:2800]).threshold


def test_no_correlation_at_all() -> None:
    assert split_correlations(np.full(5, np.nan), 10).threshold == 0.5


class CountingSource(ArraySource):
    """Tiles of 16 rows; counts how often each row is decoded."""

    def __init__(self, image):
        super().__init__(image, axes="YX")
        self.decoded = np.zeros(len(image), int)

    @property
    def rows_together(self):
        return 16

    def read_window(self, frame, rows, columns, *, channel=0):
        assert rows.start % 16 == 0
        self.decoded[rows] += 1
        return super().read_window(frame, rows, columns, channel=channel)


@pytest.mark.parametrize(("step", "overlap"), [(7, 0), (16, 0), (50, 0), (7, 2), (40, 5)])
def test_rows_are_decoded_once(step, overlap) -> None:
    image = np.random.default_rng(0).integers(0, 999, (150, 40)).astype(np.uint16)
    source = CountingSource(image)
    rows = FileRows(source, 0, 0)
    for top in range(0, 150, step):
        first, last = max(top - overlap, 0), min(top + step + overlap, 150)
        np.testing.assert_array_equal(rows.read(first, last), image[first:last])
    assert (source.decoded == 1).all()


@pytest.mark.parametrize("degrees", [0.0, 2.0])
def test_aligned_rows_equal_the_whole_frame_resampled(degrees) -> None:
    image = ndimage.gaussian_filter(np.random.default_rng(0).random((160, 120)), 1.5).astype(np.float32) * 1000
    angle = np.deg2rad(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle), 5.3], [np.sin(angle), np.cos(angle), -2.6], [0, 0, 1]])
    whole = AlignedRows(FileRows(ArraySource(image, axes="YX"), 0, 0), Transform(matrix), CpuDevice()).read(0, 160)
    rows = AlignedRows(FileRows(ArraySource(image, axes="YX"), 0, 0), Transform(matrix), CpuDevice())
    parts = np.concatenate([rows.read(top, min(top + 23, 160)) for top in range(0, 160, 23)])
    np.testing.assert_array_equal(np.isnan(parts), np.isnan(whole))
    np.testing.assert_allclose(parts, whole, atol=0.02)
    inside = (slice(20, 130), slice(20, 100))
    expected = ndimage.affine_transform(image, matrix[:2, :2], matrix[:2, 2], order=3)
    assert np.abs(whole - expected)[inside].max() < 0.05 * image.std()  # of four taps, not of a spline


def test_a_frame_that_lies_elsewhere_shows_nothing() -> None:
    rows = AlignedRows(FileRows(ArraySource(np.ones((40, 40)), axes="YX"), 0, 0), Transform.from_shift([90, 0]),
                       CpuDevice())  # fmt: skip
    assert np.isnan(rows.read(10, 20)).all()


def test_cells_are_numbered_as_they_are_seen() -> None:
    index = CellIndex(np.empty(0, np.int64))
    first, seen = index.find(np.array([[5, 5, 0, 2**40], [5, 0, 0, 3]]))
    assert index.labels.tolist() == [5, 2**40, 3]
    assert first.cells.tolist() == [0, 1, 0, 2]
    assert seen.tolist() == [0, 1, 3]
    second, seen = index.find(np.array([[9, 3, 3, 1]]))
    assert index.labels.tolist() == [5, 2**40, 3, 9, 1]
    assert second.cells.tolist() == [3, 2, 4]
    assert second.stops.tolist() == [1, 3, 4]
    assert seen.tolist() == [0, 2]


def number_by_sorting(bands):
    """Cells of all runs and labels by number, as `numpy.unique` tells them."""
    labels, cells = [], []
    for band in bands:
        for row in band:
            ends = np.flatnonzero(np.diff(row, prepend=0, append=0))
            for start in ends:
                value = int(row[start]) if start < len(row) else 0
                if value > 0:
                    if value not in labels:
                        labels.append(value)
                    cells.append(labels.index(value))
    return labels, cells


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int32, np.uint64])
def test_numbers_equal_those_of_a_list_whatever_the_labels(dtype) -> None:
    """From band to band, as the table grows, with labels beyond a signed number, and from a saved state."""
    random = np.random.default_rng(3)
    highest = min(np.iinfo(dtype).max, 2**64 - 1)
    known = random.integers(0, highest, 60, dtype=dtype, endpoint=True)
    if np.iinfo(dtype).min < 0:
        known[:5] = -known[:5] - 1
    known[5:9] = 0
    bands = [random.choice(known[: 9 + 10 * n], (4, 30)).repeat(2, axis=1) for n in range(1, 6)]
    labels, expected = number_by_sorting(bands)
    index, cells = CellIndex(np.empty(0, dtype)), []
    for n, band in enumerate(bands):
        index = CellIndex(index.labels) if n == 3 else index
        before = len(index.labels)
        runs, seen = index.find(band)
        cells += runs.cells.tolist()
        assert runs.cells[seen].tolist() == list(range(before, len(index.labels)))
    assert index.labels.dtype == dtype
    assert index.labels.tolist() == labels
    assert cells == expected


@pytest.mark.parametrize("slack", [0, 1])
def test_the_table_reads_back_as_the_same_bits(slack, tmp_path) -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=(3, 5, 4)) / 3
    values[0, 2, 1] = np.nan
    found = Integrity(
        cells=np.array([1, 2, 5, 9, 2**63 + 1], np.uint64), area=np.array([1, 3, 40, 50, 60]),
        centroid=random.random((5, 2)) * 1e-7, correlation_first=values[0], correlation_previous=values[1],
        mean=values[2], threshold=0.1, threshold_from="as given", names=tuple("abcd"), slack=slack, shape=(9, 9),
    )  # fmt: skip
    write_csv(tmp_path / "a.csv", found)
    with open(tmp_path / "a.csv", encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == (*COLUMNS, *(["error"] if slack else []))
    for i, row in enumerate(rows):
        cell, k = divmod(i, 4)
        expected = {
            "cell": found.cells[cell], "cycle": k + 1, "correlation_first": values[0, cell, k],
            "correlation_previous": values[1, cell, k], "mean": values[2, cell, k], "area": found.area[cell],
            "y": found.centroid[cell, 0], "x": found.centroid[cell, 1], "kept": int(found.kept[cell, k]),
        } | ({"error": found.errors[cell, k]} if slack else {})  # fmt: skip
        assert {name: repr(float(text)) if "." in text or "n" in text else text for name, text in row.items()} == {
            name: repr(value.item() if hasattr(value, "item") else value) for name, value in expected.items()
        }


def test_tiles_number_row_by_row() -> None:
    tiles = Tiles((5, 7), 3)
    np.testing.assert_array_equal(tiles.read(2, 4), [[1, 1, 1, 2, 2, 2, 3], [4, 4, 4, 5, 5, 5, 6]])
