"""The stub of the public estimators is the package's own; what it says is checked by mypy, see public_types.py."""

import ast
from pathlib import Path

import holdstill as hs
from holdstill.run.registry import class_name_of, names

STUB = Path(hs.__file__).with_name("estimators.pyi")


def test_the_stub_holds_each_method_joined_with_fit() -> None:
    classes = [node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ClassDef)]
    stubs = {node.name: [ast.unparse(base) for base in node.bases] for node in classes}
    assert stubs == {class_name_of("methods", n): [f"{n}.{class_name_of('methods', n)}", "FittingEstimator"]
                     for n in names("methods")}  # fmt: skip
    assert sorted(stubs) == dir(hs.estimators)
    assert STUB.with_name("py.typed").exists()
