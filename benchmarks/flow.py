"""Optical flow beside scikit-image's: error and time of one core, in one run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data, io
from skimage.registration import optical_flow_ilk, optical_flow_tvl1

from benchmarks.tables import Claim, Section
from holdstill.contracts import Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.linear_algebra import keep_to_one_thread
from holdstill.estimators import OpticalFlow

__all__ = ["flow"]

# a folder with RubberWhale of the Middlebury flow set: frame10.png, frame11.png, flow10.flo
FOLDER = "HOLDSTILL_RUBBERWHALE"
PICTURES = ("brick", "camera", "grass")
LUMINANCE, UNKNOWN = (0.299, 0.587, 0.114), 1e8
INVERSE_STEPS = 30
PEERS: dict[str, tuple[Callable[..., Any], float, float]] = {
    "tvl1": (optical_flow_tvl1, 0.8, 20.0),
    "ilk": (optical_flow_ilk, 1.0, 25.0),
}

Image = NDArray[np.float32]


def _draw_fields(shape: tuple[int, ...]) -> dict[str, NDArray[np.float64]]:
    """Two smooth fields, (2, y, x) px: waves of up to 2.5 px, and Gaussian noise of sd 1.5 px over 32 px."""
    y, x = np.indices(shape)
    waves = np.stack([
        2.5 * np.sin(2 * np.pi * x / 256) * np.cos(2 * np.pi * y / 300), 2.0 * np.cos(2 * np.pi * y / 200 + 1),
    ])  # fmt: skip
    rng = np.random.default_rng(0)
    random = np.stack([ndimage.gaussian_filter(rng.standard_normal(shape), 32) for _ in range(2)])
    return {"waves": waves, "random": 1.5 * random / random.std()}


def _bend(image: Image, field: NDArray[np.float64]) -> tuple[Image, NDArray[np.float64]]:
    """The image bent by a field, and the flow from the image to it."""
    places = np.indices(image.shape).astype(float)
    frame = ndimage.map_coordinates(image.astype(float), places - field, order=5, mode="reflect")
    truth = np.zeros_like(field)
    for _ in range(INVERSE_STEPS):
        truth = np.stack([ndimage.map_coordinates(one, places + truth, order=3, mode="nearest") for one in field])
    return frame.astype(np.float32), truth


def _read_rubberwhale(folder: Path) -> tuple[Image, Image, NDArray[np.float64]]:
    first, second = (
        (io.imread(folder / name) @ np.array(LUMINANCE) / 255).astype(np.float32)
        for name in ("frame10.png", "frame11.png")
    )
    raw = (folder / "flow10.flo").read_bytes()
    width, height = np.frombuffer(raw, np.int32, 2, 4)
    flow = np.frombuffer(raw, np.float32, offset=12).reshape(height, width, 2)
    truth = np.stack([flow[..., 1], flow[..., 0]]).astype(np.float64)
    return first, second, np.where(np.abs(truth) > UNKNOWN, np.nan, truth)


def _list_scenes(size: int, pictures: tuple[str, ...]) -> Iterator[tuple[str, Image, Image, NDArray[np.float64]]]:
    if os.environ.get(FOLDER):
        yield "RubberWhale", *_read_rubberwhale(Path(os.environ[FOLDER]))
    for name in pictures:
        image = (getattr(data, name)()[:size, :size] / 255).astype(np.float32)
        for kind, field in _draw_fields(image.shape).items():
            yield f"{name}, {kind}", image, *_bend(image, field)


def _measure(job: Callable[[], Any], repeat: int) -> tuple[Any, float]:
    """What a job gives and the least of its processor times, s."""
    found, times = None, []
    for _ in range(repeat):
        began = time.process_time()
        found = job()
        times.append(time.process_time() - began)
    return found, min(times)


def _error(flow: NDArray[Any], truth: NDArray[np.float64]) -> float:
    """Mean length of the difference, px."""
    return float(np.nanmean(np.sqrt(((flow - truth) ** 2).sum(axis=0))))


def _follow(estimator: OpticalFlow, state: Any, frame: Image) -> NDArray[np.float64]:
    """The flow at each pixel, as the estimator keeps it."""
    found = estimator.estimate(state, frame[None], CpuDevice())
    points = np.moveaxis(np.indices(frame.shape), 0, -1).reshape(-1, 2).astype(float)
    mapped = state.motion.map_points(found.parameters, points, frame.shape)[0]
    return np.asarray((mapped - points).T.reshape(2, *frame.shape), np.float64)


@keep_to_one_thread()
def flow(size: int = 512, repeat: int = 3, pictures: tuple[str, ...] = PICTURES) -> Section:
    """Seven pairs, two methods; BLAS on one thread, ours as in all registrations, and scikit-image's."""
    rows, errors, speeds = [], {name: [0.0] for name in PEERS}, {name: [np.inf] for name in PEERS}
    for scene, image, frame, truth in _list_scenes(size, pictures):
        for method, (peer, _, _) in PEERS.items():
            estimator: Any = OpticalFlow(method=method)
            state = estimator.prepare(Reference(image=image), CpuDevice())
            estimator.estimate(state, frame[None], CpuDevice())  # compiled before it is timed
            job = _bind(estimator.estimate, state, frame[None], CpuDevice())
            ours, seconds = _measure(job, repeat)
            theirs, peer_seconds = _measure(_bind(peer, image, frame), 1)
            del ours
            error, peer_error = _error(_follow(estimator, state, frame), truth), _error(theirs, truth)
            errors[method].append(error / peer_error)
            speeds[method].append(peer_seconds / seconds)
            rows.append((
                scene, method, f"{error:.3f}", f"{peer_error:.3f}", f"{1e3 * seconds:.0f}", f"{1e3 * peer_seconds:.0f}",
            ))  # fmt: skip
    claims = []
    for method, (_, most, least) in PEERS.items():
        worst, slowest = max(errors[method]), min(speeds[method])
        what = f"flow, {method}, against scikit-image's"
        claims.append(Claim(f"{what}: error", f"<= {most:g} x", f"{worst:.2f} x at worst", worst <= most))
        claims.append(Claim(f"{what}: speed", f">= {least:g} x", f"{slowest:.1f} x at worst", slowest >= least))
    note = (
        f"RubberWhale (Middlebury) where `{FOLDER}` names its folder, and pictures of scikit-image bent by two smooth "
        "fields. Mean endpoint error, px, of the flow at control points 4 px apart; processor time of one frame from "
        "grey values to verdict, the reference prepared before, ms."
    )
    columns = ("pair", "method", "error", "scikit-image", "ms", "scikit-image, ms")
    return Section("Optical flow", columns, rows, note, claims)


def _bind(function: Callable[..., Any], *given: Any) -> Callable[[], Any]:
    return lambda: function(*given)
