"""The page of an evaluation: what all pairs come to, and each pair's landmarks before and after."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import imagecodecs
import numpy as np

from holdstill.contracts import FloatArray, ReadingOptions
from holdstill.evaluation.landmarks.rows import Row
from holdstill.io.image import reading
from holdstill.result.report.style import CSS

__all__ = ["render_page"]

PICTURE_PX = 420
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
OWN_CSS = """
th.number { white-space: normal; vertical-align: bottom; }
.pair svg { width: 100%; height: auto; display: block; border-radius: 6px; background: #000; }
.pair circle { fill: none; stroke: #0b6; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.pair line { stroke: #d00060; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
td.number, th.number { text-align: right; }
"""
SUMMARY = {
    "median_of_median": "median of medians", "mean_of_median": "mean of medians", "median_of_mean": "median of means",
    "mean_of_mean": "mean of means", "median_of_largest": "median of largest", "mean_of_largest": "mean of largest",
}  # fmt: skip


def render_page(rows: Sequence[Row], summary: dict[str, dict[str, float]]) -> str:
    """The page as HTML, with nothing to load from elsewhere."""
    pairs = list(dict.fromkeys(row.pair.name for row in rows))
    body = [_tell_summary(summary)]
    for name in pairs:
        body.append(_tell_pair([row for row in rows if row.pair.name == name]))
    title = f"Landmarks of {len(pairs)} pair{'s' if len(pairs) > 1 else ''}"
    return (
        f'<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><meta name=viewport content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{CSS}{OWN_CSS}</style><main><p class=brand>holdstill evaluate</p><h1>{title}</h1>"
        f"{''.join(body)}</main></html>"
    )


def _tell_summary(summary: dict[str, dict[str, float]]) -> str:
    heads = "".join(f"<th class=number scope=col>{text}" for text in (*SUMMARY.values(), "robustness", "s a pair"))
    lines = ""
    for name, values in summary.items():
        cells = "".join(f"<td class=number>{values[key]:.4f}" for key in SUMMARY)
        failed = f", {values['failed']:.0f} of {values['pairs']:.0f} not ok" if values["failed"] else ""
        lines += (
            f"<tr><th scope=row>{escape(name)}{failed}{cells}<td class=number>{values['robustness']:.3f}"
            f"<td class=number>{values['median_seconds']:.1f}"
        )
    note = (
        "Distances between landmarks after registration, as shares of the fixed image's diagonal (rTRE): median, mean "
        "and largest of each pair, then over the pairs. Robustness: the share of landmarks that came nearer. Pairs of "
        "which nothing was found count with their landmarks where they lay."
    )
    table = f"<table><tr><th scope=col>method{heads}{lines}</table>"
    return f"<div class=scroll tabindex=0>{table}</div><p class=note>{note}</p>"


def _tell_pair(rows: Sequence[Row]) -> str:
    pair = rows[0].pair
    lines = ""
    for row in rows:
        told = row.errors
        numbers = "".join(f"<td class=number>{n:.4f}" for n in (told.median, told.mean, told.largest))
        lines += (
            f"<tr><th scope=row>{escape(row.method)}{numbers}<td class=number>{told.robustness:.3f}"
            f"<td class=number>{row.seconds:.1f}<td>{escape(row.status)}"
        )
    heads = "".join(f"<th class=number scope=col>{text}" for text in ("median", "mean", "largest", "robustness", "s"))
    table = (
        f"<div class=scroll tabindex=0><table><tr><th scope=col>method{heads}<th scope=col>status{lines}</table></div>"
    )
    pictures = [_draw(pair.fixed, pair.fixed_shape, pair.fixed_points, pair.moving_points, "before")]
    for row in rows:
        if row.points is not None:
            path, shape = (pair.fixed, pair.fixed_shape) if row.on_fixed else (pair.moving, pair.moving_shape)
            truth = pair.fixed_points if row.on_fixed else pair.moving_points
            pictures.append(_draw(path, shape, truth, row.points, row.method))
    many, before = len(pair.fixed_points), rows[0].errors.initial
    initial = f"<p class=note>{many} landmarks; median before registration {before:.4f}.</p>"
    return f"<h2>{escape(pair.name)}</h2>{initial}{table}<div class=pair>{''.join(pictures)}</div>"


def _draw(path: Path, shape: tuple[int, ...], truth: FloatArray, found: FloatArray, name: str) -> str:
    """An image with its own landmarks as circles, and a line from each to where it was found."""
    radius = max(shape) / 90
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>' for y, x in truth)
    marks += "".join(
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{v:.1f}" y2="{u:.1f}"/>'
        for (y, x), (u, v) in zip(truth, found, strict=True)
        if np.isfinite([u, v]).all()
    )
    height, width = shape
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" role=img aria-label="landmarks {escape(name)}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio=none '
        f'href="data:image/jpeg;base64,{_encode(path)}"/>{marks}</svg>'
        f"<figcaption><b>{escape(name)}</b></figcaption></figure>"
    )


def _encode(path: Path) -> str:
    """A small copy of an image as JPEG, in letters."""
    with reading(path, ReadingOptions()) as source:
        step = max(1, max(source.info.frame_shape) // PICTURE_PX)
        planes = source.read(0, 1)[0][:3, ::step, ::step].astype(np.float32)
    colours = planes if len(planes) == 3 else np.repeat(planes[:1], 3, axis=0)
    top = 255.0 if source.info.dtype == np.uint8 else max(float(np.nanmax(colours, initial=0.0)), 1e-9)
    greys = np.clip(np.nan_to_num(colours) * (255 / top), 0, 255).astype(np.uint8)
    return base64.b64encode(imagecodecs.jpeg_encode(np.ascontiguousarray(np.moveaxis(greys, 0, -1)), level=80)).decode()
