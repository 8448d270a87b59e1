"""What type checkers see of the public names, which are made when they are first asked for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import holdstill as hs
from holdstill.run.registry import class_name_of, names

STUB = Path(hs.__file__).with_name("estimators.pyi")
SNIPPET = """
import numpy as np
import holdstill as hs
from holdstill.estimators import Direct

def register(movie: np.ndarray) -> None:
    reveal_type(hs.estimators.Direct(motion="rigid").max_shift)
    reveal_type(Direct().fit(movie, reference=0))
    reveal_type(hs.register(movie))
    reveal_type(hs.Tracker(movie[0]).update(movie[1]).shift)
    Direct(max_shifts=3)
    hs.estimators.Dircet
"""


def test_the_stub_holds_each_method_joined_with_fit() -> None:
    classes = [node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ClassDef)]
    stubs = {node.name: [ast.unparse(base) for base in node.bases] for node in classes}
    assert stubs == {class_name_of("methods", n): [f"{n}.{class_name_of('methods', n)}", "FittingEstimator"]
                     for n in names("methods")}  # fmt: skip
    assert sorted(stubs) == dir(hs.estimators)
    assert STUB.with_name("py.typed").exists()


@pytest.mark.slow  # mypy reads all of numpy and of the package first
def test_mypy_sees_the_public_names(tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(SNIPPET)
    settings = ["--ignore-missing-imports", "--follow-untyped-imports", "--no-incremental"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, "snippet.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("snippet.py")]
    assert [line for line in told if line.startswith("note")] == [
        'note: Revealed type is "float | tuple[float, ...] | None"',
        'note: Revealed type is "holdstill.result.registration.Registration"',
        'note: Revealed type is "holdstill.result.registration.Registration"',
        'note: Revealed type is "numpy.ndarray[tuple[Any, ...], numpy.dtype[numpy.float64]]"',
    ]
    errors = [line for line in told if line.startswith("error")]
    assert len(errors) == 2
    assert 'Unexpected keyword argument "max_shifts"' in errors[0]
    assert "Dircet" in errors[1]
