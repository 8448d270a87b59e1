"""The sums of products that a Gauss-Newton step needs, as code for a kernel, and what came of them as matrices.

The columns of the model are `n_bases` functions of the pixel, times powers of y and x where `powers` is set, then R and
1. Along the column of pixels that a thread walks down, x is the same: it sums products with powers of y. When the
threads of a workgroup are added, each brings its powers of x. About the middle of a tile all that stays small; from
there to the middle of the frame, and on to matrices, it goes in float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import DirectSums, FloatArray

__all__ = ["Terms"]

# a base column, and the powers of z, y and x that multiply it
Column = tuple[int, tuple[int, int, int]]
# products of the last two columns, R and 1, and of the residual; weights and robust factors
REST = ("wv * v", "wv", "w", "wv * r", "w * r", "w * r * r", "robust")


@dataclass(frozen=True)
class Terms:
    """Which sums a kernel makes.

    Attributes
    ----------
    n_bases : int
        Functions of the pixel before R and 1.
    powers : bool
        Whether they come multiplied by powers of y and x.
    """

    n_bases: int
    powers: bool

    @cached_property
    def products(self) -> list[tuple[str, int]]:
        """What is summed, in the words of the kernel, and the highest power that multiplies it."""
        twice, once = (2, 1) if self.powers else (0, 0)
        pairs = [(f"w{i} * b[{j}]", twice) for i in range(self.n_bases) for j in range(i, self.n_bases)]
        singles = [(f"w{i}{other}", once) for i in range(self.n_bases) for other in (" * v", "", " * r")]
        return [*pairs, *singles, *((text, 0) for text in REST)]

    @cached_property
    def _sums(self) -> list[tuple[int, int]]:
        """Product and power of y of each sum of a thread."""
        return [(k, p) for k, (_, most) in enumerate(self.products) for p in range(most + 1)]

    @cached_property
    def _outputs(self) -> list[tuple[int, int, int]]:
        """Product and powers of y and x of each sum of a workgroup."""
        return [(k, p, q) for k, p in self._sums for q in range(self.products[k][1] - p + 1)]

    @property
    def n_outputs(self) -> int:
        """Numbers that a workgroup leaves."""
        return len(self._outputs)

    def lanes(self, workgroup_bytes: int) -> int:
        """Threads of a workgroup, so many that their sums fit the memory it shares."""
        return 64 if 4 * 65 * (len(self._sums) + 1) <= workgroup_bytes else 32

    def code(self, lanes: int) -> str:
        """``add`` and ``reduce`` in WGSL, every index a number, so that sums stay in registers."""
        n, stride = len(self._sums), lanes + 1  # one more: threads side by side then use different banks
        weighted = "".join(f"    let w{i} = w * b[{i}];\n" for i in range(self.n_bases))
        powers = ("", " * y", " * y * y")
        added = "".join(f"    s[{m}] += {self.products[k][0]}{powers[p]};\n" for m, (k, p) in enumerate(self._sums))
        shared = "".join(f"    shared_sums[{m * stride}u + lane] = s[{m}];\n" for m in range(n))
        sums = [self._sums.index((k, p)) for k, p, _ in self._outputs]
        return (
            f"const BASES = {self.n_bases};\nconst LANES = {lanes}u;\nconst OUTPUTS = {self.n_outputs}u;\n"
            f"var<private> s: array<f32, {n}>;\n"
            f"var<workgroup> shared_sums: array<f32, {n * stride}>;\nvar<workgroup> shared_x: array<f32, {lanes}>;\n"
            f"const SUM_OF = array<u32, {self.n_outputs}>({', '.join(f'{m}u' for m in sums)});\n"
            f"const POWER_OF = array<u32, {self.n_outputs}>({', '.join(f'{q}u' for _, _, q in self._outputs)});\n"
            "fn add(b: array<f32, BASES>, v: f32, r: f32, w: f32, robust: f32, y: f32) {\n"
            f"    let wv = w * v;\n{weighted}{added}}}\n"
            f"fn reduce(lane: u32, x: f32, first: u32) {{\n{shared}    shared_x[lane] = x;\n    workgroupBarrier();\n"
            f"    for (var o = lane; o < OUTPUTS; o += {lanes}u) {{\n        let at = SUM_OF[o] * {stride}u;\n"
            f"        var total = 0.0;\n        for (var t = 0u; t < {lanes}u; t++) {{\n{self._add_thread()}"
            "        }\n        sums[first + o] = total;\n    }\n}\n"
        )

    def _add_thread(self) -> str:
        """How a thread's sum enters that of the workgroup."""
        if not self.powers:
            return "            total += shared_sums[at + t];\n"
        return (
            "            let one = shared_x[t];\n"
            "            let factor = select(select(one * one, one, POWER_OF[o] == 1u), 1.0, POWER_OF[o] == 0u);\n"
            "            total += factor * shared_sums[at + t];\n"
        )

    def matrices(self, tiles: NDArray[np.float32], middles: Sequence[FloatArray], columns: list[Column]) -> DirectSums:
        """Sums over all tiles, as matrices.

        Parameters
        ----------
        tiles : ndarray of float32, (n, z, y, x, outputs)
        middles : sequence of ndarray of float64
            Where the tiles' middles lie along z, y and x, px from the frame's.
        columns : list of (int, (int, int, int))
            Base, and powers of z, y and x, of each column before R and 1.
        """
        moments = _Moments(self, tiles.astype(np.float64), middles)
        n_pairs, p = self.n_bases * (self.n_bases + 1) // 2, len(columns) + 2
        normal, right = np.zeros((len(tiles), p, p)), np.zeros((len(tiles), p))
        first = n_pairs + 3 * self.n_bases
        for i, (base, powers) in enumerate(columns):
            for j, (other, more) in enumerate(columns[i:], i):
                low, high = sorted((base, other))
                pair = low * self.n_bases - low * (low - 1) // 2 + high - low
                normal[:, i, j] = moments.of(pair, tuple(a + b for a, b in zip(powers, more, strict=True)))
            singles = [moments.of(n_pairs + 3 * base + k, powers) for k in range(3)]
            normal[:, i, p - 2], normal[:, i, p - 1], right[:, i] = singles
        rest = [moments.of(first + k, (0, 0, 0)) for k in range(len(REST))]
        normal[:, p - 2, p - 2], normal[:, p - 2, p - 1], normal[:, p - 1, p - 1] = rest[:3]
        right[:, p - 2], right[:, p - 1] = rest[3:5]
        lower = np.tril_indices(p, -1)
        normal[:, lower[0], lower[1]] = normal[:, lower[1], lower[0]]
        return DirectSums(normal, right, rest[5], rest[6])


class _Moments:
    """Sums of products times powers of z, y and x about the middle of the frame, from those about tiles' middles."""

    def __init__(self, terms: Terms, tiles: FloatArray, middles: Sequence[FloatArray]) -> None:
        self._place = {output: m for m, output in enumerate(terms._outputs)}
        most = 2 if terms.powers else 0
        self._powers = [p for p in product(range(most + 1), repeat=3) if sum(p) <= most]
        z, y, x = middles
        weights = [np.multiply.outer(np.multiply.outer(z**a, y**b), x**c).ravel() for a, b, c in self._powers]
        # of each output, the sums over tiles times powers of where their middles lie: (n, powers, outputs)
        self._sums = np.stack(weights) @ tiles.reshape(len(tiles), -1, tiles.shape[-1])

    def of(self, term: int, powers: tuple[int, ...]) -> FloatArray:
        power_z, power_y, power_x = powers
        total = np.zeros(len(self._sums))
        for a in range(power_y + 1):
            for b in range(power_x + 1):
                at = self._powers.index((power_z, power_y - a, power_x - b))
                factor = math.comb(power_y, a) * math.comb(power_x, b)
                total += factor * self._sums[:, at, self._place[term, a, b]]
        return total
