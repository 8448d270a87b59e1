"""The table and the page of a series: where each section came to lie, and a cut through the stack before and after."""

from __future__ import annotations

import base64
import csv
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from holdstill.io import disk
from holdstill.result.report.style import CSS
from holdstill.result.wording import count

__all__ = ["COLUMNS", "correlate_neighbours", "write_page", "write_table"]

COLUMNS = (
    "section", "file", "verdict", "hangs_on", "correlation", "shift_y_px", "shift_x_px", "smallest_jacobian",
    "neighbour_before", "neighbour_after",
)  # fmt: skip
# of what stands on the page, where six of them hide what matters; the table has all
DIGITS = {"correlation": 3, "shift_y_px": 2, "shift_x_px": 2, "smallest_jacobian": 3, "neighbour_before": 3,
          "neighbour_after": 3}  # fmt: skip
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
CUT_PX = 160


def correlate_neighbours(images: list[NDArray[np.float32]]) -> list[float]:
    """Correlation of each image with the one before, where both are known; NaN for the first, and where nothing is."""
    found = [float("nan")]
    for one, two in pairwise(images):
        both = np.isfinite(one) & np.isfinite(two)
        spread = [float(image[both].std()) if both.any() else 0.0 for image in (one, two)]
        known = min(spread) > 0
        found.append(float(np.corrcoef(one[both], two[both])[0, 1]) if known else float("nan"))
    return found


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a row for each section, complete or not at all."""
    with disk.replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _tell(row[name]) for name in COLUMNS} for row in rows)


def _tell(value: Any) -> str:
    if isinstance(value, float):
        return "" if not np.isfinite(value) else f"{value:.6g}"
    return "" if value is None else str(value)


def _show(name: str, value: Any) -> str:
    """As `_tell`, to as many digits as a reader needs."""
    return f"{value:.{DIGITS[name]}f}" if name in DIGITS and _tell(value) else _tell(value)


def write_page(
    path: Path, rows: list[dict[str, Any]], before: list[NDArray[np.float32]], after: list[NDArray[np.float32]]
) -> None:
    """Write the page, with nothing to load from elsewhere."""
    heads = "".join(f"<th scope=col>{name.replace('_', ' ')}" for name in COLUMNS)
    lines = "".join("<tr>" + "".join(f"<td>{escape(_show(name, row[name]))}" for name in COLUMNS) for row in rows)
    n_left = sum(row["verdict"] != "ok" for row in rows)
    left = f"{n_left} of {count(len(rows), 'section')} {'is' if n_left == 1 else 'are'} left blank."
    answer = left if n_left else "Every section has its place."
    cuts = "".join(
        f'<figure><img alt="cut {name}" src="data:image/png;base64,{_cut(images)}">'
        f"<figcaption><b>{name}</b></figcaption></figure>"
        for name, images in (("before", before), ("after", after))
    )
    page = (
        f'<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>{count(len(rows), 'section')}</title><style>{CSS}</style><main><p class=brand>holdstill sections</p>"
        f"<h1>{count(len(rows), 'section')}</h1><p class='answer {'no' if n_left else 'yes'}'>{answer}</p>"
        f"<h2>Cut through the stack</h2><div class=pair>{cuts}</div><p class=note>The middle row of each section, one "
        f"below the other.</p><h2>Sections</h2><div class=scroll tabindex=0><table><tr>{heads}{lines}</table></div>"
        "</main></html>"
    )
    with disk.replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8", errors="backslashreplace")


def _cut(images: list[NDArray[np.float32]]) -> str:
    """The middle rows as a picture, in letters."""
    width = min(image.shape[1] for image in images)
    rows = np.array([image[image.shape[0] // 2, :width] for image in images])
    known = rows[np.isfinite(rows)]
    low, high = np.percentile(known, [1, 99]) if known.size else (0.0, 1.0)
    greys = np.clip(np.nan_to_num((rows - low) / max(high - low, 1e-9)) * 255, 0, 255).astype(np.uint8)
    tall = np.repeat(greys, max(1, CUT_PX // len(rows)), axis=0)
    return base64.b64encode(imagecodecs.png_encode(np.ascontiguousarray(tall))).decode()
