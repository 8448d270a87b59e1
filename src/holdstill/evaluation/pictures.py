"""Sharp pictures with exact truth: photographs, micrographs of electrons, drawings and masks have edges in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms import Transform

__all__ = ["PICTURES", "clip_background", "dead_leaves", "make_pictures", "move_picture", "rectangle", "warp_picture"]

# room around what is cropped, so that what wraps around stays outside
MARGIN_PX = 32


def dead_leaves(shape: tuple[int, int], seed: int = 0, n_leaves: int = 400, grey: float = 255.0) -> FloatArray:
    """Discs of all sizes and brightnesses, one over the other: edges and statistics like those of a photograph.

    Parameters
    ----------
    shape : tuple of 2 int
        px.
    seed : int
    n_leaves : int
    grey : float
        Brightness of the brightest.

    Notes
    -----
    Lee, Mumford and Huang, Int. J. Comput. Vision 41:35 (2001).
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.indices(shape)
    picture = np.full(shape, grey / 2)
    for _ in range(n_leaves):
        radius = 2.0 / np.sqrt(rng.uniform(4.0 / min(shape) ** 2 * 16, 1.0))
        y, x = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        picture[(rows - y) ** 2 + (columns - x) ** 2 < radius**2] = rng.uniform(0, grey)
    return np.asarray(ndimage.gaussian_filter(picture, 0.5), np.float64)


def move_picture(picture: NDArray[np.floating], shift: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The middle of a picture, `size` px, its content moved by `shift` (y, x) px without loss of detail.

    Parameters
    ----------
    picture : ndarray, (y, x)
        At least `MARGIN_PX` larger than `size` on each side.
    shift : array_like, (2,)
        At most half of that margin.
    size : tuple of 2 int
    """
    wide = tuple(n + 2 * MARGIN_PX for n in size)
    if any(have < want for have, want in zip(picture.shape, wide, strict=True)):
        raise ValueError(f"a picture of {picture.shape} px leaves no margin of {MARGIN_PX} px about {size} px")
    starts = [(have - want) // 2 for have, want in zip(picture.shape, wide, strict=True)]
    part = picture[tuple(slice(start, start + want) for start, want in zip(starts, wide, strict=True))]
    level = float(part.mean())
    faded = (part - level) * np.multiply.outer(*(_fade(n) for n in wide))
    moved = fft.ifftn(ndimage.fourier_shift(fft.fftn(faded), shift)).real + level
    return np.asarray(moved[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX], np.float64)


def _fade(length: int) -> FloatArray:
    """One inside, falling to zero within two thirds of the margin."""
    inwards = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
    return np.asarray(np.sin(np.pi / 2 * np.minimum(inwards / (MARGIN_PX * 2 / 3), 1)) ** 2, np.float64)


def rectangle(shape: tuple[int, int], grey: float = 255.0) -> FloatArray:
    """A bright rectangle in the middle of the dark, without noise: whole-pixel moves of it are exact."""
    picture = np.zeros(shape)
    picture[shape[0] // 3 : 2 * shape[0] // 3, shape[1] // 4 : 3 * shape[1] // 4] = grey
    return picture


def clip_background(frames: NDArray[np.floating], level: float) -> FloatArray:
    """Frames less a background level, nothing below zero: a common preparation."""
    return np.maximum(np.asarray(frames, np.float64) - level, 0.0)


def warp_picture(picture: NDArray[np.floating], transform: Transform, shape: tuple[int, int]) -> FloatArray:
    """A frame of `shape` px that shows a picture under a transform: ``frame(T(p)) = reference(p)``, spline of order 3.

    The reference is the middle of the picture, `shape` px (the identity makes it). Where the picture ends the frame is
    dark, as what image programs turn. What is made smaller is blurred first, as a lens would.
    """
    start = np.array([(have - want) // 2 for have, want in zip(picture.shape, shape, strict=True)])
    pixels = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in shape), indexing="ij"), axis=-1)
    places = transform.inverse.map(pixels.reshape(-1, 2)) + start
    scale = float(np.sqrt(abs(np.linalg.det(transform.matrix[:2, :2]))))
    blur = 0.5 * np.sqrt(max(1 / scale**2 - 1, 0.0))
    source = ndimage.gaussian_filter(np.asarray(picture, np.float64), blur)
    seen = ndimage.map_coordinates(source, places.T, order=3, mode="constant")
    return np.asarray(seen.reshape(shape), np.float64)


PICTURES = ("sharp", "binary", "clipped", "dark rectangle", "tiny", "huge offset", "mixed")


def make_pictures(
    kind: str, shifts: FloatArray, size: tuple[int, int] = (128, 128), noise: float = 0.0, seed: int = 0
) -> NDArray[np.float32]:
    """Frames of a picture as everyday preparations leave them, (T + 1, y, x); the first one did not move.

    Parameters
    ----------
    kind : str
        One of `PICTURES`: discs with edges; a mask of them; background subtracted and clipped at 0; a noise-free
        rectangle; the first 16 px of a picture; grey levels from 100,000 on; sharp discs beside what is blurred.
    shifts : ndarray of float64, (T, 2)
        (y, x) px; whole ones for masks and rectangles.
    size : tuple of 2 int
    noise : float
        Standard deviation, grey levels of 255.
    seed : int

    Raises
    ------
    InputError
        There is no such kind.
    """
    rng, wide = np.random.default_rng(seed), tuple(n + 2 * MARGIN_PX for n in size)
    picture = dead_leaves((wide[0], wide[1]), seed)
    if kind == "binary":
        picture = np.where(picture > 127, 255.0, 0.0)
    elif kind == "dark rectangle":
        picture = rectangle((wide[0], wide[1]))
    elif kind == "mixed":
        picture[:, wide[1] // 2 :] = ndimage.gaussian_filter(picture, 3)[:, wide[1] // 2 :]
    elif kind == "huge offset":
        picture += 1e5
    elif kind not in PICTURES:
        raise InputError(f"there is no picture {kind!r}; choose one of {', '.join(PICTURES)}")
    moves = np.vstack([np.zeros(2), shifts])
    if kind in ("binary", "dark rectangle"):
        inner = (slice(MARGIN_PX, -MARGIN_PX),) * 2
        frames = np.stack([np.roll(picture, move.astype(int), (0, 1))[inner] for move in moves])
    else:
        frames = np.stack([move_picture(picture, move, size) for move in moves])
    noisy = frames + noise * rng.normal(size=frames.shape)
    if kind == "clipped":
        noisy = clip_background(noisy, 100.0)
    return np.asarray(noisy[:, :16, :16] if kind == "tiny" else noisy, np.float32)
