"""Other packages that register movies, behind one face, for side-by-side figures.

One file for each; a peer is imported only when `available_peers` is called.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from holdstill.evaluation.peers.base import Peer

__all__ = ["Peer", "available_peers"]

_PEERS = {  # module of this folder, class, package that it needs
    "stackreg": ("StackRegPeer", "pystackreg"),
    "opencv_phase": ("OpenCVPhase", "cv2"),
    "opencv_ecc": ("OpenCVECC", "cv2"),
    "skimage_phase": ("SkimagePhase", "skimage"),
    "skimage_cross": ("SkimageCross", "skimage"),
    "imreg": ("ImregDFT", "imreg_dft"),
    "template_matching": ("TemplateMatching", "templatematchingpy"),
}


def available_peers() -> dict[str, Peer]:
    """Each peer whose package is installed, with its usual settings, by its `Peer.name`."""
    peers = {}
    for module, (kind, package) in _PEERS.items():
        if find_spec(package) is not None:
            peers[module] = getattr(import_module(f"{__name__}.{module}"), kind)()
    return {peer.name: peer for peer in peers.values()}
