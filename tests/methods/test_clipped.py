"""Pictures of which the background was subtracted and cut at zero: a very common preparation."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.pictures import dead_leaves, move_picture


def make_clipped(noise: float, seed: int, dtype: str, n_frames: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Two fifths of it are dark; the first frame did not move."""
    rng, picture = np.random.default_rng(seed + 1000), dead_leaves((192, 192), seed)
    shifts = np.vstack([np.zeros(2), rng.uniform(-4, 4, (n_frames, 2))])
    frames = np.stack([move_picture(picture, shift, (128, 128)) for shift in shifts])
    frames += noise * rng.standard_normal(frames.shape)
    frames = np.maximum(frames - np.quantile(picture, 0.4), 0)
    return np.rint(frames * (100 if dtype == "uint16" else 1)).clip(0, np.iinfo(dtype).max).astype(dtype), shifts[1:]


@pytest.mark.parametrize(
    ("noise", "seed", "dtype"), [(0.0, 2, "uint8"), (3.0, 0, "uint16"), (10.0, 2, "uint8"), (10.0, 3, "uint8")]
)
def test_frames_of_a_movie_are_as_right_as_alone(noise: float, seed: int, dtype: str) -> None:
    """They were 0.02 to 0.05 px off, where StackReg is 0.005 to 0.018."""
    frames, shifts = make_clipped(noise, seed, dtype)
    reg = hs.register(frames[1:], reference=frames[0])
    assert reg.ok.all()
    assert "pattern" not in " ".join(reg.provenance["defects"])
    off = reg.shifts - shifts
    assert np.sqrt(np.mean(off**2)) < (0.012 if noise < 10 else 0.019)
    assert np.sqrt(np.mean((off / reg.errors) ** 2)) < 1.6
