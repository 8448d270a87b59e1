"""Sums of a Gauss-Newton step for maps; equals `PlainDevice.warp_sums` within 1e-4 relative."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from holdstill.contracts import DirectSums, FloatArray, NoiseModel, Spline
from holdstill.devices.gpu.frames import images_of, kind_of, row_words
from holdstill.devices.gpu.machine import Machine, in_batches
from holdstill.devices.gpu.mapping import WARPS, map_rows
from holdstill.devices.gpu.products import Column, Terms
from holdstill.devices.gpu.spline import join_pairs, noise_words, reference_of

__all__ = ["warp_sums"]

TALL = 64

# The base columns of each kind, from the gradient g of the spline, where d is relative to the middle of the frame.
AFFINE = {
    2: "return array<f32, BASES>(spline.z, spline.w);",
    3: "return array<f32, BASES>(spline.y, spline.z, spline.w);",
}
PROJECTIVE = """
    let scale = 1.0 / (1.0 + tilt(q));
    let p = vec3<f32>(at.whole) - middle() + at.fraction;
    let g = spline.zw * scale;
    return array<f32, BASES>(g.x, g.y, -dot(g, p.yz));"""
BILINEAR = """
    let d = (vec3<f32>(at.whole) - middle() + at.fraction).yz;
    let j = jacobian(d);
    let scale = -1.0 / (j.x * j.w - j.y * j.z);
    let a = (spline.z * j.w - spline.w * j.z) * scale;
    let b = (spline.w * j.x - spline.z * j.y) * scale;
    let e = d.x * d.y;
    return array<f32, BASES>(a, a * d.x, a * d.y, a * e, b, b * d.x, b * d.y, b * e);"""


def warp_sums(
    machine: Machine,
    frames: Any,
    spline: Spline,
    kind: str,
    warps: FloatArray,
    gains: FloatArray,
    offsets: FloatArray,
    noise: NoiseModel,
    cutoffs: FloatArray,
) -> DirectSums:
    """See `Device.warp_sums`."""
    shape = frames.shape[1:]
    volume = (1,) * (3 - len(shape)) + shape
    terms, columns, bases = _layout(kind, len(shape))
    rows = map_rows(kind, warps, shape)
    rows["gain"], rows["offset"], rows["cut"] = gains, offsets, 1.0 / np.asarray(cutoffs, np.float64) ** 2
    lanes = terms.lanes(machine.workgroup_bytes)
    tiles = (volume[0], -(-volume[1] // TALL), -(-volume[2] // lanes))
    middles = [_middles(n, length, step) for n, length, step in zip(tiles, volume, (1, TALL, lanes), strict=True)]
    code = (
        terms.code(lanes)
        + f"fn bases_of(q: vec3<f32>, at: Place, spline: vec4<f32>) -> array<f32, BASES> {{\n{bases}\n}}\n"
    )

    def run(part: slice) -> DirectSums:
        with machine.call() as call:
            images, chosen = images_of(call, frames, part)
            coefficients, mask, masked = reference_of(call, spline)
            settings = rows[part].copy()
            settings["frame"] = chosen
            kernel = machine.kernel(
                "warp_sums", KIND=images.kind, MASKED=masked, VOLUME=len(shape) == 3, TALL=TALL, WARP=WARPS[kind],
                CODE=code,
            )  # fmt: skip
            sums = call.empty(4 * len(chosen) * math.prod(tiles) * terms.n_outputs)
            size = call.put(images.size)
            buffers = [images.buffer, size, coefficients, mask, noise_words(call, noise), call.put(settings), sums]
            call.run(kernel, buffers, (tiles[2], tiles[1] * tiles[0], len(chosen)))
            found = call.read(sums, (len(chosen), *tiles, terms.n_outputs), np.float32)
        return terms.matrices(found, middles, columns)

    per_frame = 4 * math.prod(shape[:-1]) * row_words(shape[-1], kind_of(frames.dtype))
    return join_pairs(in_batches(len(frames), machine.batch_bytes // max(per_frame, 1), run), len(columns) + 2)


@cache
def _layout(kind: str, ndim: int) -> tuple[Terms, list[Column], str]:
    """Which sums are made, what the columns are made of, and the code of the base columns."""
    if kind == "bilinear":
        return Terms(8, powers=False), [(base, (0, 0, 0)) for base in range(8)], BILINEAR
    units = [(0, 0, 1), (0, 1, 0), (1, 0, 0)][:ndim][::-1]
    columns: list[Column] = [(base, powers) for base in range(ndim) for powers in [(0, 0, 0), *units]]
    if kind == "affine":
        return Terms(ndim, powers=True), columns, AFFINE[ndim]
    return Terms(3, powers=True), [*columns, *((2, powers) for powers in units)], PROJECTIVE


def _middles(n_tiles: int, length: int, step: int) -> FloatArray:
    """Where the middles of tiles lie, from the middle of the frame."""
    return np.arange(n_tiles, dtype=np.float64) * step + ((step - 1) / 2 - (length - 1) / 2)
