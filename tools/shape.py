"""Measure the shape of a package and fail where it grows beyond what the house keeps.

    python tools/shape.py src/holdstill

A function's length is counted in lines from its `def` to its end, without its docstring. A public method counts as
documented if a base class inside the package documents it. A circle is a set of modules that import each other,
directly or not; `if TYPE_CHECKING` counts, and so does an import inside a function. The floors are the layers that
pyproject.toml lists beside the package: each is a folder, or one of the few files that may stand in the root.
"""

import argparse
import ast
import math
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A participle that is not a verb in the present too, as "read", "put" and "split" are.
PARTICIPLE = re.compile(
    "been|begun|bent|bought|broken|brought|built|caught|chosen|dealt|done|drawn|driven|fed|felt|found|frozen|given|gone|"
    "grown|heard|held|hidden|kept|known|laid|led|left|lent|lost|made|meant|met|paid|said|seen|sent|shaken|shown|shrunk|"
    "sold|sought|spent|spun|struck|stuck|swept|taken|taught|thought|thrown|told|torn|understood|won|worn|written|.{2,}ed"
)
VERBS_IN_ED = {"bleed", "embed", "exceed", "feed", "heed", "need", "proceed", "seed", "speed", "succeed"}
ROOT_MODULES = {"__init__", "__main__", "api", "batch", "errors", "extras", "gpu"}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.Module | ast.ClassDef | Function


@dataclass(frozen=True, kw_only=True)
class Module:
    """One file of the package: its dotted name and its text, parsed."""

    name: str
    is_package: bool
    n_lines: int
    tree: ast.Module


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a measured value and what it may be at most, or at least."""

    label: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def ok(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"  {self.label:<34}{self.value:>8.4g}   {sign} {self.limit:<5g} {'ok' if self.ok else 'BROKEN'}"


def read_package(folder: Path) -> dict[str, Module]:
    modules = {}
    for path in sorted(folder.rglob("*.py")):
        parts = [folder.name, *path.relative_to(folder).with_suffix("").parts]
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        modules[name] = Module(
            name=name, is_package=is_package, n_lines=len(text.splitlines()), tree=ast.parse(text, str(path))
        )
    return modules


def functions(module: Module) -> list[Function]:
    return [node for node in ast.walk(module.tree) if isinstance(node, Function)]


def participles(module: Module) -> list[str]:
    """Functions whose names begin with a past participle; properties are values, and may."""
    return [f"{module.name}.{f.name}:{f.lineno}" for f in functions(module) if is_participle(f) and not is_property(f)]


def is_participle(function: Function) -> bool:
    word = function.name.strip("_").split("_")[0]
    return PARTICIPLE.fullmatch(word) is not None and word not in VERBS_IN_ED


def is_property(function: Function) -> bool:
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any("property" in text or text.endswith((".setter", ".deleter")) for text in decorators)


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    n_lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        n_lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return n_lines


def public_definitions(owner: ast.Module | ast.ClassDef) -> Iterator[tuple[str | None, Definition]]:
    """Public classes, functions and methods below `owner`, each with the name of its class if it has one."""
    class_name = owner.name if isinstance(owner, ast.ClassDef) else None
    for node in owner.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_") and not is_variant(node):
            yield class_name, node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node)


def is_variant(node: ast.ClassDef | Function) -> bool:
    """True for an overload and for a property's setter: the docstring stands at the main definition."""
    names = [ast.unparse(decorator).rsplit(".", 1)[-1] for decorator in node.decorator_list]
    return not {"overload", "setter", "deleter"}.isdisjoint(names)


def undocumented(modules: dict[str, Module]) -> tuple[list[str], int]:
    """Public things without a docstring, and how many public things there are."""
    classes = {node.name: node for m in modules.values() for node in m.tree.body if isinstance(node, ast.ClassDef)}
    missing, n_public = [], 0
    for module in modules.values():
        for class_name, node in [(None, module.tree), *public_definitions(module.tree)]:
            n_public += 1
            inherited = class_name in classes and inherits_docstring(classes[class_name], node, classes)
            if ast.get_docstring(node) is None and not inherited:
                missing.append(".".join(filter(None, [module.name, class_name, getattr(node, "name", None)])))
    return missing, n_public


def inherits_docstring(owner: ast.ClassDef, node: Definition, classes: dict[str, ast.ClassDef]) -> bool:
    """Whether a base class of `owner`, found by its name in the package, documents the method `node`."""
    bases = [ast.unparse(base).split("[")[0].rsplit(".", 1)[-1] for base in owner.bases]
    for base in [classes[name] for name in bases if name in classes and classes[name] is not owner]:
        for method in base.body:
            if isinstance(method, Function) and method.name == getattr(node, "name", None):
                return ast.get_docstring(method) is not None or inherits_docstring(base, node, classes)
        if inherits_docstring(base, node, classes):
            return True
    return False


def imported(node: ast.Import | ast.ImportFrom, module: Module, modules: dict[str, Module]) -> set[str]:
    """The package's own modules that one import statement names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & modules.keys()
    base = node.module or ""
    if node.level:
        parts = module.name.split(".")
        parts = parts[: len(parts) - node.level + module.is_package]
        base = ".".join([*parts, base] if base else parts)
    return {f"{base}.{a.name}" if f"{base}.{a.name}" in modules else base for a in node.names} & modules.keys()


def import_graph(modules: dict[str, Module]) -> dict[str, set[str]]:
    graph = {}
    for name, module in modules.items():
        statements = [node for node in ast.walk(module.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        graph[name] = set().union(*(imported(node, module, modules) for node in statements)) - {name}
    return graph


def circles(graph: dict[str, set[str]]) -> list[str]:
    """The modules of each set whose members reach each other."""
    reach = {name: reachable(name, graph) for name in graph}
    found = {tuple(sorted(other for other in reach[name] if name in reach[other])) for name in graph}
    return [" ".join(circle) for circle in sorted(found) if circle]


def reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def read_floors(folder: Path) -> list[set[str]]:
    """The parts on each floor of the house, from the top, as the layers in pyproject.toml name them; none without."""
    project = next((p / "pyproject.toml" for p in folder.parents if (p / "pyproject.toml").exists()), None)
    if project is None:
        return []
    contracts = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("importlinter", {})
    layers = [layer for contract in contracts.get("contracts", []) for layer in contract.get("layers", [])]
    return [{part.strip("() ") for part in layer.replace("|", ":").split(":")} for layer in layers]


def root_files(modules: dict[str, Module]) -> set[str]:
    names = {name.partition(".")[2] or "__init__" for name, module in modules.items() if not module.is_package}
    return {name for name in names if "." not in name}


def strangers_in_root(modules: dict[str, Module]) -> list[str]:
    """Modules that stand loose in the root and are none of those that may."""
    return sorted(root_files(modules) - ROOT_MODULES)


def loose_floors(modules: dict[str, Module], floors: list[set[str]]) -> list[str]:
    """Parts of floors that are files of the root and should be folders."""
    return sorted((set().union(*floors) - ROOT_MODULES) & root_files(modules))


def arrows_up(graph: dict[str, set[str]], floors: list[set[str]]) -> list[str]:
    """Imports from one floor of one that stands above it."""
    height = {part: -number for number, floor in enumerate(floors) for part in floor}

    def floor_of(name: str) -> int | None:
        return height.get(name.split(".")[1]) if "." in name else None

    pairs = [(name, other) for name, others in graph.items() for other in others]
    levels = [(name, other, floor_of(name), floor_of(other)) for name, other in pairs]
    return sorted(f"{a} -> {b}" for a, b, low, high in levels if low is not None and high is not None and high > low)


def hidden_imports(modules: dict[str, Module]) -> list[str]:
    """Imports of the package's own modules inside functions."""
    return [
        f"{module.name}:{node.lineno}"
        for module in modules.values()
        for function in functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and imported(node, module, modules)
    ]


def percentile(values: list[int], percent: float) -> int:
    """The smallest value that `percent` of all values do not exceed."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def largest(sizes: list[tuple[int, str]], count: int = 5) -> list[str]:
    return [f"  {n_lines:5d}  {name}" for n_lines, name in sorted(sizes, reverse=True)[:count]]


def report(modules: dict[str, Module], floors: list[set[str]]) -> bool:
    """Print the table, what breaks it and the longest parts; return whether all rows hold."""
    files = [(module.n_lines, name) for name, module in modules.items()]
    bodies = [(length(f), f"{name}.{f.name}:{f.lineno}") for name, module in modules.items() for f in functions(module)]
    file_lines, body_lines = [n for n, _ in files], [n for n, _ in bodies] or [0]
    missing, n_public = undocumented(modules)
    graph = import_graph(modules)
    hidden, round_trips = hidden_imports(modules), circles(graph)
    named = [name for module in modules.values() for name in participles(module)]
    strangers, loose, upward = strangers_in_root(modules), loose_floors(modules, floors), arrows_up(graph, floors)
    rows = [
        Row(label="file, median lines", value=statistics.median(file_lines), limit=150),
        Row(label="file, longest", value=max(file_lines), limit=400),
        Row(label="function, median lines *", value=statistics.median(body_lines), limit=12),
        Row(label="function, 90 % are within *", value=percentile(body_lines, 90), limit=40),
        Row(label="public docstrings, %", value=100 * (1 - len(missing) / n_public), limit=95, at_least=True),
        Row(label="own imports inside functions", value=len(hidden), limit=0),
        Row(label="functions named by a participle", value=len(named), limit=10),
        Row(label="import circles", value=len(round_trips), limit=0),
        Row(label="root modules not in the list", value=len(strangers), limit=0),
        Row(label="floors that are no folder", value=len(loose), limit=0),
        Row(label="arrows that go up", value=len(upward), limit=0),
    ]
    print(f"shape: {len(files)} files, {sum(file_lines)} lines, {len(bodies)} functions", *rows, sep="\n")
    print("  * without its docstring")
    print("longest files", *largest(files), "longest functions", *largest(bodies), sep="\n")
    findings = [
        ("no docstring", missing),
        ("import inside a function", hidden),
        ("a name that begins with a participle", named),
        ("import circle", round_trips),
        ("not in the list of root modules", strangers),
        ("a floor that is no folder", loose),
        ("an arrow that goes up", upward),
    ]
    for label, names in findings:
        for name in names:
            print(f"{label}: {name}")
    return all(row.ok for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="folder of the package")
    folder = parser.parse_args().package.resolve()
    return 0 if report(read_package(folder), read_floors(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
