"""The rules of the house that no other tool checks."""

import ast
import runpy
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import tifffile

import holdstill
from holdstill.transforms.motions import MADE_FOR_SHAPE, MOTIONS

PACKAGE = Path(holdstill.__file__).parent
PARTS = {path.stem for path in PACKAGE.iterdir()}
PUBLIC = [
    "HoldstillError",
    "Registration",
    "Tracker",
    "Verdict",
    "__version__",
    "align",
    "align_sections",
    "correct",
    "estimators",
    "gpu",
    "load",
    "open",
    "register",
    "view",
]
HEAVY = {"dask", "matplotlib", "napari", "numba", "pyspark", "scipy", "tifffile", "wgpu", "zarr"}
KINDS = (ast.Import, ast.ImportFrom, ast.ExceptHandler, ast.Compare)
DATA_LIMIT_BYTES = 2_000_000


@cache
def list_nodes() -> list[tuple[Path, ast.AST]]:
    """What the sources say of the kinds that are asked for, and where: all of it, kept, is slow to collect."""
    sources = [(path, path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
    trees = [(path, ast.parse(text)) for path, text in sources]
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, KINDS)]


def imports_root(node: ast.AST, *, at_root: bool) -> bool:
    """Whether a statement takes something from the package root other than one of its parts."""
    if isinstance(node, ast.Import):
        return "holdstill" in [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        is_root = (node.level == 0 and node.module == "holdstill") or (at_root and node.level == 1 and not node.module)
        return is_root and not {alias.name for alias in node.names} <= PARTS
    return False


def test_nobody_inside_imports_the_package_root() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path, node in list_nodes()
        if path != PACKAGE / "__init__.py" and imports_root(node, at_root=path.parent == PACKAGE)
    ]
    assert found == []


def test_public_names_are_these() -> None:
    assert sorted(holdstill.__all__) == PUBLIC
    assert dir(holdstill) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_is_there(name: str) -> None:
    assert getattr(holdstill, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'regster'"):
        holdstill.regster  # noqa: B018


def test_import_is_light() -> None:
    code = "import sys, holdstill; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(run.stdout.split())


def test_a_command_is_there_before_what_computes_is_loaded() -> None:
    """SciPy's parts took a sixth of the time until `--help` was shown, or a wrong name told."""
    code = "import sys, holdstill.cli; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"scipy.linalg", "scipy.ndimage", "scipy.fft", "numba", "zarr", "matplotlib"}.isdisjoint(run.stdout.split())


def test_a_movie_is_opened_before_what_corrects_it_is_loaded() -> None:
    """The viewer's first picture waited 0.6 s of processor time for Numba and SciPy, which it does not need."""
    code = "import sys, holdstill.result.viewer.opening; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"scipy.linalg", "scipy.ndimage", "scipy.fft", "numba", "zarr"}.isdisjoint(run.stdout.split())


def test_a_movie_in_memory_is_registered_without_libraries_of_files() -> None:
    """Zarr and what it needs took a seventh of the processor time until the first call of a new process began."""
    code = "import sys, holdstill; holdstill.register; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"zarr", "numcodecs", "fsspec"}.isdisjoint(run.stdout.split())


@pytest.mark.parametrize(
    ("name", "shape", "dtype"), [("lung_sem", (12, 400, 400), "uint8"), ("mouse_2p", (200, 64, 64), "int16")]
)
def test_demo_movie(name: str, shape: tuple[int, ...], dtype: str) -> None:
    with tifffile.TiffFile(PACKAGE / "data" / f"{name}.tif") as file:
        series = file.series[0]
        assert (series.axes, series.shape, series.dtype) == ("TYX", shape, dtype)
        assert series.asarray().std() > 0


def test_data_are_small_and_attributed() -> None:
    data = {entry.name: len(entry.read_bytes()) for entry in files(holdstill).joinpath("data").iterdir()}
    attribution = (PACKAGE / "data" / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert sum(data.values()) <= DATA_LIMIT_BYTES
    assert all(name in attribution for name in data if name != "ATTRIBUTION.md")


def test_names_that_begin_with_a_past_participle_are_counted() -> None:
    path = PACKAGE.parents[1] / "tools" / "shape.py"
    if not path.exists():
        pytest.skip("the tools lie beside the source only")
    shape: dict[str, Any] = runpy.run_path(str(path))
    names = ["mapped", "_shown_rows", "map", "embed", "read", "split_row", "_seed", "red"]
    functions = [ast.parse(f"def {name}(): ...").body[0] for name in names]
    assert [f.name for f in functions if shape["is_participle"](f)] == ["mapped", "_shown_rows"]
    known = ast.parse("@property\ndef known(self): ...").body[0]
    assert shape["is_participle"](known)
    assert shape["is_property"](known)


# where a job runs for another process or thread, which gets its error, and where a command ends
CATCH_ALL = {"cli/__init__.py", "engines/_groups.py", "engines/_reaching.py", "io/foreign.py"}


def test_errors_are_caught_by_name() -> None:
    broad = {
        path.relative_to(PACKAGE).as_posix()
        for path, node in list_nodes()
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception")
    }
    assert broad == CATCH_ALL


# where a pattern that stays put is told from a shift, a result without rotations is reported, a default is told from
# what was asked for, and a piece of a picture was laid by shifts alone
ASK_FOR_SHIFTS = {
    "methods/cross_correlation.py",
    "reference/separation.py",
    "result/report/page.py",
    "run/parts.py",
    "run/sizes.py",
}


def test_nobody_asks_which_family_a_motion_is() -> None:
    """Else a new family would have to be told to whoever asks; what families do is a method of theirs."""
    families = {*MOTIONS, *MADE_FOR_SHAPE}
    asked = {
        (path.relative_to(PACKAGE).as_posix(), node.value)
        for path, compare in list_nodes()
        if isinstance(compare, ast.Compare) and "motion" in ast.unparse(compare) and ".kind" not in ast.unparse(compare)
        for node in ast.walk(compare)
        if isinstance(node, ast.Constant) and node.value in families
    }
    assert {name for _, name in asked} <= {"translation"}
    assert {path for path, _ in asked} <= ASK_FOR_SHIFTS
