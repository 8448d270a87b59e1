"""Sections through the public doors."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.cli import run
from holdstill.errors import HoldstillError, InputError
from holdstill.evaluation.sections import SectionPair, make_sections
from holdstill.methods.deformable import Deformable
from holdstill.result.wording import describe_turn
from holdstill.run.options import RegisteringOptions, SectionOptions
from holdstill.run.section_images import read_binned
from holdstill.run.sections import choose_estimator

PAIR = make_sections((240, 300), moving_shape=(270, 260), angle_deg=115, shift_px=(5, -8), seed=1)
OTHER = make_sections((240, 300), seed=50)


def measure(found: hs.Registration, pair: SectionPair = PAIR) -> float:
    return float(np.median(np.linalg.norm(found[0].map(pair.points) - pair.moved, axis=1)))


@pytest.fixture(scope="module")
def refused() -> hs.Registration:
    """A pair that does not belong together."""
    return hs.align(PAIR.fixed, OTHER.moving)


@pytest.fixture(scope="module")
def bent() -> tuple[SectionPair, hs.Registration]:
    """A pair that is bent, and how."""
    pair = make_sections((220, 260), moving_shape=(250, 240), angle_deg=-70, bend_px=5, seed=4)
    return pair, hs.align(pair.fixed, pair.moving, motion="dense")


def test_stains_of_another_size_are_found_turned_without_a_word() -> None:
    found = hs.align(PAIR.fixed, PAIR.moving, motion="rigid")
    assert found.provenance["method"] == "Deformable"
    assert found.provenance["prepared"] == ["absorption", "absorption"]
    assert found.ok.all()
    assert measure(found) < 0.4
    shown = found.apply(PAIR.moving, fill=245)
    assert (shown.shape, shown.dtype) == (PAIR.fixed.shape, np.uint8)
    tissue = PAIR.fixed.min(axis=-1) < 200
    assert shown[tissue].mean() < PAIR.moving.mean() - 20


@pytest.mark.slow
def test_dense_motion_is_saved_applied_and_undone(bent: tuple[SectionPair, hs.Registration], tmp_path: Path) -> None:
    pair, found = bent
    assert found.ok.all()
    assert measure(found, pair) < 1
    assert found.motion.startswith("dense")
    assert 0 < found.provenance["smallest_jacobian"] < 1
    again = hs.load(found.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(again[0].map(pair.points), found[0].map(pair.points))
    np.testing.assert_allclose(found[0].inverse.map(found[0].map(pair.points)), pair.points, atol=1e-5)
    straight = hs.align(pair.fixed, pair.moving)
    grey = pair.fixed.mean(axis=-1)
    likeness = [
        np.corrcoef(one.apply(pair.moving, fill=244).mean(axis=-1).ravel(), grey.ravel())[0, 1]
        for one in (found, straight)
    ]
    assert likeness[0] > likeness[1]
    np.testing.assert_array_equal(again.apply(pair.moving), found.apply(pair.moving))


def test_floats_are_stains_too() -> None:
    for scale in (1.0, 1 / 255):
        found = hs.align(PAIR.fixed * scale, PAIR.moving * scale, motion="rigid")
        assert found.provenance["prepared"] == ["absorption", "absorption"]
        assert measure(found) < 0.4


def test_large_sections_are_aligned_on_a_binned_copy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("holdstill.run.section_images.WORKING_PX", 100)
    found = hs.align(PAIR.fixed, PAIR.moving)
    assert found.provenance["binned"] == 3
    assert measure(found) < 0.6
    again = hs.load(found.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(again[0].map(PAIR.points), found[0].map(PAIR.points))


def test_a_result_says_how_what_bends_was_turned() -> None:
    pair = make_sections((200, 240), angle_deg=-70, is_mirrored=True, bend_px=4, seed=5)
    told = describe_turn(hs.align(pair.fixed, pair.moving, motion="dense", allow_flip=True).trajectory)
    assert told["angle_deg"] == pytest.approx(-70, abs=2)
    assert told["scale"] == pytest.approx(1, abs=0.02)
    assert told["mirrored"]
    assert 2 < told["bent_px"] < 6


def test_mirrored_sections_come_back_facing_the_other_way() -> None:
    pair = make_sections((200, 240), angle_deg=20, is_mirrored=True, seed=3)
    found = hs.align(pair.fixed, pair.moving, allow_flip=True)
    assert found.ok.all()
    assert measure(found, pair) < 0.4
    assert np.linalg.det(found[0].matrix) < 0


def test_what_does_not_belong_together_is_not_moved(refused: hs.Registration) -> None:
    assert not refused.ok.any()
    np.testing.assert_array_equal(refused[0].map(PAIR.points), PAIR.points)


def test_the_command_says_what_to_do_about_a_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    white = np.full_like(OTHER.moving, 255)
    for name, image in (("fixed", PAIR.fixed), ("other", OTHER.moving), ("white", white)):
        (tmp_path / f"{name}.png").write_bytes(imagecodecs.png_encode(image))
    for name, words in (("other", "the right pair"), ("white", "One of the two shows nothing")):
        names = [str(tmp_path / each) for each in ("fixed.png", f"{name}.png", f"{name}.ome.tif")]
        assert run(["align", *names, "--motion", "rigid", "--method", "deformable"]) == 1
        told = capsys.readouterr().err
        assert f"{name}.png: it could not be aligned (" in told
        assert words in told
        assert "--reference" not in told


def make_label(seed: int) -> np.ndarray:
    """A printed label: a frame, a logo, lines of letters and a bar code, of which the last two differ by `seed`."""
    random, image = np.random.default_rng(seed), np.full((300, 400, 3), 235.0)
    image[8:292, 8:392] = 40
    image[14:286, 14:386] = 235
    image[30:90, 300:360] = 40
    image[45:75, 315:345] = 235
    for top in (40, 90, 140):
        for left in range(40, 250, 22):
            for y, x in np.argwhere(random.random((5, 3)) < 0.5) * 5 + (top, left):
                image[y : y + 5, x : x + 5] = 40
    image[210:260, 40:340][:, np.repeat(random.random(75) < 0.5, 4)] = 40
    return (image + random.normal(0, 3, image.shape)).clip(0, 255).astype(np.uint8)


def test_labels_of_one_layout_are_not_aligned_unless_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, image in (("one", make_label(1)), ("two", make_label(2)), ("tissue", PAIR.fixed)):
        (tmp_path / f"{name}.png").write_bytes(imagecodecs.png_encode(image))
    for fixed, moving, words in (
        ("one", "two", "Both images show print"), ("tissue", "one", "The moving image shows print"),
        ("two", "tissue", "The fixed image shows print"),
    ):  # fmt: skip
        names = [str(tmp_path / f"{each}.png") for each in (fixed, moving)]
        asked = ["--motion", "rigid", "--method", "deformable", "--overwrite", "--no-report"]
        assert run(["align", *names, str(tmp_path / "out.ome.tif"), *asked]) == 1
        assert words in capsys.readouterr().err
    assert hs.align(make_label(1), make_label(2), prepare="absorption").ok.all()


def test_a_mask_leaves_out_what_it_does_not_count() -> None:
    spoiled, mask = PAIR.fixed.copy(), np.ones(PAIR.fixed.shape[:2], bool)
    spoiled[:90] = np.random.default_rng(0).integers(0, 255, spoiled[:90].shape)
    mask[:90] = False
    assert measure(hs.align(spoiled, PAIR.moving, mask=mask)) < 1
    with pytest.raises(InputError, match="the mask has shape"):
        hs.align(PAIR.fixed, PAIR.moving, mask=mask[1:])


def test_options_of_sections_need_their_method() -> None:
    with pytest.raises(InputError, match="method='deformable'"):
        hs.align(PAIR.fixed, PAIR.moving, method="direct", allow_flip=True)
    with pytest.raises(InputError, match="sections are single planes"):
        hs.align(np.zeros((9, 30, 30)), np.zeros((30, 30)), method="deformable")
    with pytest.raises(InputError, match="in px"):
        hs.align(PAIR.fixed, PAIR.moving, max_shift="3um")


def test_the_command_takes_sections(tmp_path: Path) -> None:
    for name, image in (("fixed", PAIR.fixed), ("moving", PAIR.moving)):
        (tmp_path / f"{name}.png").write_bytes(imagecodecs.png_encode(image))
    names = [str(tmp_path / name) for name in ("fixed.png", "moving.png", "out.ome.tif")]
    assert run(["align", *names, "--motion", "rigid", "--prepare", "absorption"]) == 0
    assert measure(hs.load(tmp_path / "out.drift.json")) < 0.4


def test_the_command_bends_sections_and_reports(tmp_path: Path) -> None:
    pair = make_sections((200, 240), angle_deg=30, bend_px=4, seed=5)
    for name, image in (("fixed", pair.fixed), ("moving", pair.moving)):
        (tmp_path / f"{name}.png").write_bytes(imagecodecs.png_encode(image))
    names = [str(tmp_path / name) for name in ("fixed.png", "moving.png", "out.ome.zarr")]
    assert run(["align", *names, "--motion", "dense"]) == 0
    assert measure(hs.load(tmp_path / "out.drift.json"), pair) < 1
    with hs.open(tmp_path / "out.ome.zarr") as written:
        assert written.info.frame_shape == (200, 240)
    page = (tmp_path / "out.report.html").read_text(encoding="utf-8")
    assert len(page) < 5_000_000
    assert "Checkerboard after" in page
    for told in ("shift of the centre", "turned by", "bent by", "smallest Jacobian"):
        assert f"<dt>{told}" in page
    assert "bend y" not in page  # of thousands of control points


def test_a_refused_pair_is_shown_as_it_is(refused: hs.Registration, tmp_path: Path) -> None:
    refused.report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Fixed and moving" in page
    assert "Checkerboard" not in page
    assert "a stain on bright paper" in page


def test_settings_of_a_method_are_set_there_and_its_limit_is_in_px_of_the_image() -> None:
    limited = RegisteringOptions(method=Deformable(max_shift=40), motion="dense")
    with pytest.raises(InputError, match="set them there"):
        choose_estimator(limited, SectionOptions(allow_flip=True), (4, 2))
    chosen = choose_estimator(limited, SectionOptions(), (4, 2))
    assert chosen.max_shift == (10.0, 20.0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reference": "first"}, "leave reference out"),
        ({"smooth": "kalman"}, "smooth goes with movies"),
        ({"average": 4}, "average goes with movies"),
        ({"device": "gpu"}, "computed by the processor"),
        ({"device": "tpu"}, "there is no device 'tpu'"),
        ({"channel": 7}, "has no channel 7"),
        ({"repair": "ask"}, "repair"),
        ({"bin": 0}, "at least one pixel"),
        ({"prepare": "dye"}, "choose one of auto, absorption, fluorescence, electron, none"),
    ],
)
def test_sections_refuse_what_they_make_nothing_of(given: dict[str, object], words: str) -> None:
    with pytest.raises(HoldstillError, match=words):
        hs.align(PAIR.fixed, PAIR.moving, **given)


def test_what_sections_are_asked_for_is_done() -> None:
    binned = hs.align(PAIR.fixed, PAIR.moving, bin=2)
    assert binned.provenance["binned"] == 2
    assert measure(binned) < 0.6
    green = hs.align(PAIR.fixed, PAIR.moving, channel=1, prepare="absorption")
    assert (green.provenance["channel"], green.provenance["prepared"]) == (1, ["absorption", "absorption"])
    assert measure(green) < 0.6
    found = hs.align(PAIR.fixed, OTHER.moving, repair="estimates", motion="rigid")
    assert found.treatments[0] == "estimated"
    assert not found.ok.any()
    assert np.abs(found[0].map(PAIR.points) - PAIR.points).max() > 1


def test_channel_0_is_one_channel_and_none_is_all() -> None:
    spoiled = PAIR.moving.copy()
    spoiled[..., 0] = np.random.default_rng(0).integers(0, 255, spoiled.shape[:2])
    both = hs.align(PAIR.fixed, spoiled, prepare="absorption")
    assert both.provenance["channel"] is None
    assert both.ok.all()
    for channel in (0, "0"):
        first = hs.align(PAIR.fixed, spoiled, channel=channel, prepare="absorption")
        assert not first.ok.any()
        assert first.provenance["asked"]["channel"] == channel


@pytest.mark.filterwarnings("error")
def test_a_section_without_a_known_pixel_is_blank() -> None:
    found = hs.align(PAIR.fixed, np.full(PAIR.moving.shape, np.nan, np.float32), method="deformable")
    assert found.verdicts[0] == "blank"


def test_a_large_section_is_read_in_bands_to_the_same_pixels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "tiled.tif"
    tifffile.imwrite(path, PAIR.fixed, tile=(64, 64), photometric="rgb", compression="zlib")
    with hs.open(path, axes=None) as source:
        whole = read_binned(source, 3)
        monkeypatch.setattr("holdstill.run.section_images.WHOLE_BYTES", 0)
        monkeypatch.setattr("holdstill.run.section_images.BAND_BYTES", 1)
        np.testing.assert_array_equal(read_binned(source, 3).planes, whole.planes)
    assert whole.planes.shape == (3, 80, 100)


@pytest.mark.slow
def test_a_table_of_dense_motion_is_short_and_not_taken_for_a_shift(
    bent: tuple[SectionPair, hs.Registration], tmp_path: Path
) -> None:
    pair, found = bent
    header = found.to_csv(tmp_path / "drift.csv").read_text().splitlines()[0].split(",")
    assert len(header) < 50
    assert "affine_shift_y_px" in header
    with pytest.raises(HoldstillError, match="no columns of transforms"):
        hs.load(tmp_path / "drift.csv", frame_shape=pair.fixed.shape[:2])
    with pytest.raises(HoldstillError, match="save them as"):
        found.export(tmp_path / "drift.csv")
    assert found.family == "dense"
    assert "@" not in repr(found)
