"""Grey levels evened out: what a contrast does to frames, and what it leaves alone."""

import numpy as np

from holdstill.reference.contrast import Contrast
from holdstill.reference.defects import Defects

FLAT = Contrast(dark=100.0, softness=4.0)


def _spots(rng: np.random.Generator) -> np.ndarray:
    y, x = np.indices((48, 56))
    light = sum(20 * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 8) for cy, cx in rng.uniform(4, 44, (12, 2)))
    return (100 + rng.poisson(light + 5.0) + rng.normal(0, 2, light.shape)).astype(np.float32)


def test_levelled_frames_have_rows_of_median_zero() -> None:
    rng = np.random.default_rng(1)
    frame = _spots(rng) + 30 * rng.standard_normal((48, 1)).astype(np.float32)
    frame[3, :20] = np.nan
    frame[5] = np.nan
    levelled = Contrast(is_levelled=True)(frame[None])[0]
    np.testing.assert_array_equal(np.isnan(levelled), np.isnan(frame))
    known = np.delete(levelled, 5, axis=0)
    np.testing.assert_allclose(np.nanmedian(known, axis=1), 0, atol=1e-4)


def test_flattened_frames_do_not_show_light_that_is_wide_or_how_bright_a_speck_is() -> None:
    rng = np.random.default_rng(2)
    frame = _spots(rng)
    plain = FLAT(frame[None])[0]
    y, x = np.indices(frame.shape)
    wide = frame + 40 * np.exp(-((y - 10) ** 2 + (x - 40) ** 2) / (2 * 30**2)).astype(np.float32)
    assert np.corrcoef(FLAT(wide[None])[0].ravel(), plain.ravel())[0, 1] > 0.9
    speck = np.exp(-((y - 24) ** 2 + (x - 28) ** 2) / 18).astype(np.float32)
    for height in (400, 40_000):
        assert np.abs(FLAT((frame + height * speck)[None])).max() < 1.5 * np.abs(plain).max()


def test_a_frame_looks_the_same_in_any_company_and_missing_pixels_stay_missing() -> None:
    rng = np.random.default_rng(3)
    frames = np.stack([_spots(rng) for _ in range(3)])
    frames[1, 10:14, 20:30] = np.nan
    frames[2] = np.nan
    for contrast in (FLAT, Contrast(is_levelled=True, dark=0.0, softness=4.0)):
        together = contrast(frames)
        np.testing.assert_array_equal(np.isnan(together), np.isnan(frames))
        for frame, seen in zip(frames, together, strict=True):
            np.testing.assert_array_equal(contrast(frame[None])[0], seen)


def test_what_outshines_all_else_is_left_out_with_its_skirt_and_nothing_else() -> None:
    rng = np.random.default_rng(5)
    frame = _spots(rng)
    y, x = np.indices(frame.shape)
    away = np.hypot(y - 24, x - 28)
    speck = (400 * np.exp(-(away**2) / 18)).astype(np.float32)
    seen = Contrast(ceiling=150.0)(np.stack([frame, frame + speck]))
    np.testing.assert_array_equal(seen[0], frame)
    assert np.isnan(seen[1][speck > 5]).all()
    np.testing.assert_array_equal(seen[1][away > 22], frame[away > 22])


def test_contrast_is_kept_with_the_defects() -> None:
    frames = np.stack([_spots(np.random.default_rng(4))]).astype(np.uint16)
    kept = (None, FLAT, Contrast(is_levelled=True), Contrast(is_levelled=True, dark=-3.5, softness=2.0))
    for contrast in (*kept, Contrast(ceiling=110.0)):
        defects = Defects(contrast=contrast, clipped=255.0)
        again = Defects.unpack(defects.pack())
        assert again.contrast == contrast
        assert bool(Defects(contrast=contrast)) == (contrast is not None)
        np.testing.assert_array_equal(again.view(frames), defects.view(frames))
    assert len(Defects(contrast=Contrast(is_levelled=True, dark=0.0, softness=1.0)).describe()) == 2
