"""Pairs of images, of any size and kind."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from scipy import ndimage

import holdstill as hs
from holdstill.cli import run
from holdstill.contracts import Estimator
from holdstill.errors import InputError, NoSpace
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.pictures import dead_leaves
from holdstill.evaluation.presets import cells

rng = np.random.default_rng(0)


def smooth(shape: tuple[int, ...], size: float = 2.5) -> np.ndarray:
    image = ndimage.gaussian_filter(rng.random(shape), size)
    return (image - image.min()) / np.ptp(image) * 200 + 20


SCENE = smooth((140, 150))
FIXED = SCENE[10:106, 12:108].astype(np.uint8)
COLOURS = np.stack([FIXED, FIXED // 2, 255 - FIXED], axis=-1)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(slice(13, 126), slice(8, 118)), (slice(13, 80), slice(20, 100)), (slice(5, 90), slice(4, 140))],
)
def test_an_image_of_another_size_comes_into_the_extent_of_the_fixed_one(rows: slice, columns: slice) -> None:
    moving = SCENE[rows, columns].astype(np.uint8)
    found = hs.align(FIXED, moving, motion="translation")
    truth = np.array([10 - rows.start, 12 - columns.start])
    assert np.abs(found.shifts[0] - truth).max() < 0.01
    assert np.abs(found[0].map([[0, 0]]) - truth).max() < 0.01
    assert found.frame_shape == FIXED.shape
    shown = found.apply(moving, fill=7)
    assert (shown.shape, shown.dtype) == (FIXED.shape, FIXED.dtype)
    inside = [
        slice(max(0, -t) + 3, min(n, m - t) - 3) for t, n, m in zip(truth, FIXED.shape, moving.shape, strict=True)
    ]
    assert np.abs(shown[tuple(inside)].astype(int) - FIXED[tuple(inside)]).max() <= 1
    if truth[0] < 0 or truth[1] < 0:
        beyond = (
            (slice(0, max(0, -truth[0] - 1)), slice(None)) if truth[0] < 0 else (slice(None), slice(0, -truth[1] - 1))
        )
        assert (shown[beyond] == 7).all()


@pytest.mark.parametrize("rows", [slice(13, 109), slice(13, 126)])
def test_a_pair_is_aligned_on_a_smaller_copy(rows: slice) -> None:
    moving = SCENE[rows, 8:104].astype(np.uint8)
    found = hs.align(FIXED, moving, motion="translation", bin=2)
    assert found.ok.all()
    np.testing.assert_allclose(found[0].map([[0, 0]]), [[10 - rows.start, 12 - 8]], atol=0.05)


def test_the_size_of_the_moving_image_is_saved_with_the_result(tmp_path: Path) -> None:
    moving = SCENE[13:126, 8:118].astype(np.uint8)
    found = hs.align(FIXED, moving, motion="translation")
    again = hs.load(found.save(tmp_path / "drift.json"))
    assert np.array_equal(again.apply(moving, edge="nearest"), found.apply(moving, edge="nearest"))
    with pytest.raises(InputError, match="apply it to images of the same length and shape"):
        again.apply(moving[:-1])


def test_colours_last(tmp_path: Path) -> None:
    moved = np.roll(COLOURS, 2, axis=0)
    found = hs.align(COLOURS, moved, motion="translation")
    assert np.abs(found.shifts - [[2, 0]]).max() < 0.01
    shown = found.apply(moved)
    assert shown.shape == moved.shape
    assert np.array_equal(shown[4:-4, 4:-4], COLOURS[4:-4, 4:-4])
    green = hs.align(FIXED, moved, motion="translation", channel=2)
    assert green.provenance["channel"] == 2


def test_a_channel_by_name_is_that_of_both_images(tmp_path: Path) -> None:
    other = smooth(FIXED.shape).astype(np.uint8)
    pairs = {"fixed.ome.tif": np.stack([other, FIXED]), "moving.ome.tif": np.stack([FIXED, np.roll(FIXED, 3, axis=0)])}
    for name, channels in pairs.items():
        metadata = {"axes": "CYX", "Channel": {"Name": ["GFP", "DAPI"]}}
        tifffile.imwrite(tmp_path / name, channels, metadata=metadata, photometric="minisblack")
    paths = [tmp_path / name for name in pairs]
    for channel in ("DAPI", 1, "1"):
        found = hs.align(*paths, motion="translation", channel=channel)
        assert np.abs(found.shifts - [[3, 0]]).max() < 0.01
    with pytest.raises(InputError, match="has no channel 'RFP'"):
        hs.align(*paths, motion="translation", channel="RFP")


def test_movies_in_colours_come_back_with_colours_last() -> None:
    movie = np.stack([np.roll(COLOURS, t, axis=1) for t in range(4)])
    found = hs.register(movie, axes="TYXS", reference="first")
    assert np.abs(found.shifts - [[0, t] for t in range(4)]).max() < 0.01
    still = found.apply(movie)
    assert (still.shape, still.dtype) == (movie.shape, movie.dtype)
    assert np.array_equal(still[3, 4:-4, 4:-4], COLOURS[4:-4, 4:-4])
    out = np.empty_like(movie)
    assert found.apply(movie, out=out) is out
    assert np.array_equal(out, still)


def test_pictures_as_cameras_write_them(tmp_path: Path) -> None:
    (tmp_path / "fixed.png").write_bytes(imagecodecs.png_encode(COLOURS))
    (tmp_path / "moving.jpg").write_bytes(imagecodecs.jpeg_encode(np.roll(COLOURS, 3, axis=1), level=95))
    found = hs.align(tmp_path / "fixed.png", tmp_path / "moving.jpg", motion="translation")
    assert np.abs(found.shifts - [[0, 3]]).max() < 0.1
    assert found.apply(tmp_path / "moving.jpg").shape == (3, *FIXED.shape)


def test_a_volume_is_taken_for_a_volume_again() -> None:
    volume = smooth((12, 40, 40), 1.5)
    found = hs.align(volume[:10], volume[1:11], motion="translation")
    assert np.abs(found.shifts - [[-1, 0, 0]]).max() < 0.01
    assert found.apply(volume[1:11]).shape == (10, 40, 40)


def test_a_plane_is_not_aligned_with_a_volume() -> None:
    with pytest.raises(InputError, match="align planes with planes"):
        hs.align(FIXED, np.zeros((3, 96, 96)))


def test_the_command_says_shift_angle_and_scale_and_writes_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fixed.png").write_bytes(imagecodecs.png_encode(FIXED))
    turned = ndimage.rotate(SCENE, 4, reshape=False, order=3)[10:106, 12:108].clip(0, 255).astype(np.uint8)
    (tmp_path / "moving.png").write_bytes(imagecodecs.png_encode(turned))
    names = [str(tmp_path / name) for name in ("fixed.png", "moving.png", "out.ome.tif")]
    assert run(["align", *names, "--motion", "similarity"]) == 0
    text = capsys.readouterr().out
    assert "shift of the centre" in text
    assert "range of drift" not in text
    assert "angle" in text
    assert "scale" in text
    assert (tmp_path / "out.report.html").exists()
    assert (tmp_path / "out.drift.csv").exists()


def test_nothing_is_left_where_what_stands_beside_the_image_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The image came first and alone before: a kill in between left one that looked whole."""
    for name, image in (("fixed.png", FIXED), ("moving.png", np.roll(FIXED, 2, axis=0))):
        (tmp_path / name).write_bytes(imagecodecs.png_encode(image))

    def fail(*_: object) -> None:
        raise NoSpace("the disk is full")

    monkeypatch.setattr("holdstill.run.align.save_parts", fail)
    names = [str(tmp_path / name) for name in ("fixed.png", "moving.png", "out.ome.tif")]
    assert run(["align", *names, "--motion", "translation"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fixed.png", "moving.png"]


def test_nested_lists_are_images() -> None:
    rng = np.random.default_rng(0)
    image = np.rint(200 * rng.random((40, 44))).astype(np.uint8)
    moved = np.roll(image, (2, -3), (0, 1))
    reg = hs.align(image.tolist(), moved.tolist(), motion="translation")
    np.testing.assert_allclose(reg.shifts, hs.align(image, moved, motion="translation").shifts, atol=1e-6)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"motion": 3}, "a motion is a name"),
        ({"reference": None}, "no reference strategy None"),
        ({"reference": 0.0}, "no reference strategy 0.0"),
    ],
)
def test_what_has_no_meaning_is_answered_in_one_line(asked: dict[str, object], said: str) -> None:
    with pytest.raises(hs.HoldstillError, match=said):
        hs.register(np.random.default_rng(0).random((3, 40, 44)), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "method",
    [hs.estimators.Direct(motion="rigid"), hs.estimators.MaskedCorrelation(), hs.estimators.MutualInformation()],
    ids=lambda method: type(method).__name__,
)
def test_an_estimator_says_the_motion_where_nobody_else_does(method: Estimator) -> None:
    """Affine was taken for asked, and each of them refused."""
    moving = SCENE[13:109, 8:104].astype(np.uint8)
    found = hs.align(FIXED, moving, method=method)
    assert found.trajectory.motion.name == method.motion
    assert np.abs(found.shifts[0] - (-3, 4)).max() < 0.1
    with pytest.raises(InputError, match="settings of"):
        hs.align(FIXED, moving, method=method, motion="affine")


@pytest.mark.parametrize("motion", ["rigid", "affine"])
def test_a_part_of_a_small_picture_that_may_turn_is_found(motion: str) -> None:
    """All of eight were refused: what lies beyond the part counted as dark, and bright cells as too bright."""
    shifts = np.array([[0, 0], [1.5, -2]])
    for seed in (1, 2):
        fixed, moving = make_movie(cells((96, 112)), shifts, photons=200.0, seed=seed).frames
        found = hs.align(fixed, moving[:84, :100], motion=motion)
        assert found.ok.all()
        corners = [[0, 0], [0, 99], [83, 0], [83, 99]]
        assert np.abs(found[0].map(corners) - corners - shifts[1]).max() < 0.5


@pytest.mark.parametrize("angle", [5, 30, 130])
def test_black_corners_of_a_turned_picture_are_no_content(angle: int) -> None:
    """Found to 0.01 degrees, and refused as mismatch or ambiguous: interpolation leaves grey levels beside the fill."""
    fixed = np.clip(60 + 0.7 * dead_leaves((150, 170), 3), 0, 255).astype(np.uint8)
    moving = ndimage.rotate(fixed, angle, reshape=False, order=3)
    found = hs.align(fixed, moving, motion="rigid")
    assert found.ok.all()
    assert abs(np.rad2deg(found.parameters[0, 2]) - angle) < 0.05


def test_a_round_picture_that_turned_is_not_found_at_rest() -> None:
    """Without the corners of its picture a cell turned by 130 degrees agrees by 0.88 with itself unturned."""
    data = pytest.importorskip("skimage.data")
    fixed = data.cell()[::2, ::2].astype(np.float32)
    moving = ndimage.rotate(fixed, 130, reshape=False, order=3, cval=np.nan)
    found = hs.align(fixed, moving.astype(np.float32), motion="rigid")
    assert found.ok.all()
    assert abs(np.rad2deg(found.parameters[0, 2]) - 130) < 0.05
