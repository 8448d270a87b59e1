"""Make the two demo movies in src/holdstill/data from their originals.

    python tools/make_demo_data.py ORIGINALS

ORIGINALS holds `itkelastix/lung_sem/s00_01.png` ... `s00_12.png` and `thunder/mouse_2p.tif`; where they come from is
told in src/holdstill/data/ATTRIBUTION.md. The same originals give the same files.
"""

import argparse
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import imagecodecs
import numpy as np
import tifffile

DATA = Path(__file__).parents[1] / "src" / "holdstill" / "data"
N_MOUSE_FRAMES = 200


def lung_sections(folder: Path) -> np.ndarray:
    """The twelve sections, each mean of 2 x 2 pixels rounded to uint8: (12, 400, 400)."""
    sections = np.stack([imagecodecs.imread(path) for path in sorted(folder.glob("s00_*.png"))])
    n, height, width = sections.shape
    blocks = sections.reshape(n, height // 2, 2, width // 2, 2)
    return np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)


def write(path: Path, frames: np.ndarray, *, predictor: bool) -> None:
    """Store frames as a zlib-compressed OME-TIFF that any reader of TIFF opens."""
    tifffile.imwrite(
        path,
        frames,
        ome=True,
        photometric="minisblack",
        compression="zlib",
        compressionargs={"level": 12},
        predictor=predictor,
        metadata={"axes": "TYX", "Name": path.stem, "UUID": f"urn:uuid:{uuid5(NAMESPACE_OID, path.stem)}"},
    )
    print(f"{path.name}: {frames.shape} {frames.dtype}, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("originals", type=Path, help="folder of the originals")
    originals = parser.parse_args().originals
    write(DATA / "lung_sem.tif", lung_sections(originals / "itkelastix" / "lung_sem"), predictor=False)
    mouse = tifffile.imread(originals / "thunder" / "mouse_2p.tif", key=slice(N_MOUSE_FRAMES))
    write(DATA / "mouse_2p.tif", mouse, predictor=True)


if __name__ == "__main__":
    main()
