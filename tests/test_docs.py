"""What the documentation shows, runs: examples of docstrings, of pages, and the tutorials."""

import doctest
import pkgutil
import re
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

import holdstill

ROOT = Path(__file__).parents[1]
MODULES = [module.name for module in pkgutil.walk_packages(holdstill.__path__, "holdstill.")]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "methods").glob("*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# these load Qt, in a process of their own: tests/napari/widget_checks.py
IN_NAPARI = {f"holdstill.napari.{name}" for name in ("drift", "moving", "widget")}
# packages of others that pages call, and that not every machine has
PEERS = ("pystackreg", "imreg_dft", "skimage", "cv2", "SimpleITK")
# what tutorials show on many frames or large ones, runs on few and small ones
SMALLER = {
    "plot_2_lung_sections": ("read(0, 12)", "read(0, 4)"),
    "plot_4_labels": ("read(0, 200)", "read(0, 50)"),
    "plot_7_stained_sections": ("(300, 380), moving_shape=(400, 360)", "(180, 228), moving_shape=(240, 216)"),
}
# the front page shows the shape of the thing with a file that nobody has
SHOWN_ONLY = {"index.md"}


@pytest.mark.parametrize(
    "name", [name for name in MODULES if "__main__" not in name and ".peers." not in name and name not in IN_NAPARI]
)
def test_examples_in_docstrings(name: str) -> None:
    module = import_module(name)
    with np.printoptions(legacy=False):
        failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in SHOWN_ONLY], ids=lambda page: page.stem)
def test_examples_on_pages(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        code = match.group(1)
        if any(re.search(rf"(import|from) {peer}\b", code) and find_spec(peer) is None for peer in PEERS):
            continue
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)  # those of the packages that we replace
            exec(compile(code, str(page), "exec"), names)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("plot_*.py")), ids=lambda path: path.stem)
def test_tutorials(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    code = path.read_text(encoding="utf-8")
    if path.stem in SMALLER:
        shown, run = SMALLER[path.stem]
        assert code.count(shown) == 1
        code = code.replace(shown, run)
    exec(compile(code, str(path), "exec"), {"__name__": "__main__"})
    import_module("matplotlib.pyplot").close("all")


def test_every_estimator_has_a_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "methods").glob("*.md")} - {"index"}
    assert pages == set(import_module("holdstill.run.registry").names("methods"))


def test_the_readme_quotes_the_benchmarks() -> None:
    """Its table was left behind when figures were measured anew."""
    told, measured = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/benchmarks.md"))
    rows = {}
    for line in told.splitlines():
        if line.startswith("| ") and line.count("|") == 7:
            name, *values = (cell.strip() for cell in line.strip("|").split("|"))
            rows[name.partition(",")[0]] = values
    rate, error = rows["frames a second"], rows["error of a shift (px)"]
    assert f"| **holdstill**, reference known | 3,200 | {rate[0]} |" in measured
    for package, value in (("pystackreg", rate[1]), ("scikit-image phase", rate[3]), ("TemplateMatchingPy", rate[4])):
        found = re.search(rf"^\| {package} \| 12 \| ([\d.]+) \|", measured, re.MULTILINE)
        assert found is not None
        assert f"{float(found[1]):.0f}" == value
    for package, value in (("**holdstill**", error[0]), ("pystackreg", error[1])):
        assert f"| sparse-6 | {package} | {value} |" in measured
    memory = re.search(r"(\d+ MB)", rows["must be in memory"][0])
    assert memory is not None
    assert f"| peak memory | <= 600 MB | {memory[1]} |" in measured
