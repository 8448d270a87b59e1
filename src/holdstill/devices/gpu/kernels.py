"""From the names of kernels and their settings to WGSL: the parts that a kernel shares stand in files of their own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["LOADERS", "PARTS", "source", "text"]

# which parts each kernel begins with
PARTS = {
    "bin": ("pixels",),
    "fft_chirp": (),
    "fft_line": ("butterflies",),
    "fft_pass": ("butterflies",),
    "fft_turn": (),
    "direct_sums": ("pixels", "spline"),
    "overlap": ("pixels",),
    "resample_shift": ("pixels", "sample"),
    "resample_field": ("pixels", "taps", "sample", "places"),
    "resample_warp": ("pixels", "mapping", "taps", "sample", "places"),
    "warp_sums": ("pixels", "mapping", "spline"),
}

# how a pixel comes out of the words of its row; the names are those of `holdstill.devices.gpu.frames`
LOADERS = {
    "u1": "f32(extractBits(frames[word + (x >> 2u)], (x & 3u) * 8u, 8u))",
    "u2": "f32(extractBits(frames[word + (x >> 1u)], (x & 1u) * 16u, 16u))",
    "i2": "f32(extractBits(bitcast<i32>(frames[word + (x >> 1u)]), (x & 1u) * 16u, 16u))",
    "f4": "bitcast<f32>(frames[word + x])",
}


@cache
def text(name: str) -> str:
    """A file of WGSL."""
    return files("holdstill.devices.gpu").joinpath(f"{name}.wgsl").read_text(encoding="utf-8")


def source(name: str, constants: dict[str, Any]) -> str:
    """The text of a kernel: its constants, the parts it shares with others, its own file.

    `constants` become WGSL constants; ``KIND`` is how pixels are stored, ``CODE`` text that was made for the kernel.
    """
    lines = [f"const {key} = {_literal(value)};" for key, value in constants.items() if key not in ("KIND", "CODE")]
    if "KIND" in constants:
        kind = constants["KIND"]
        lines.append(f"const FLOATS = {_literal(kind == 'f4')};")
        lines.append(f"fn load(word: u32, x: u32) -> f32 {{ return {LOADERS[kind]}; }}")
    return "\n".join([*lines, constants.get("CODE", ""), *(text(part) for part in (*PARTS[name], name))])


def _literal(value: bool | float) -> str:
    if isinstance(value, float):
        return repr(value)
    return str(value).lower() if isinstance(value, bool) else f"{value}u"
