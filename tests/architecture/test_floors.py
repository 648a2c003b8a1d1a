"""Who imports whom: the floors of the house, and no circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "stagecraft"


def test_no_import_leads_upward(capsys):
    broken = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


def test_no_circle_of_imports():
    imports = {name: set(_imported(name, path)) for name, path in MODULES.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        raise AssertionError(" → ".join(reversed(circle.args[1]))) from None


def test_a_circle_would_be_seen():
    """The walk below reads every import that runs with the file, and no other."""
    code = "from a import b\nfrom a.b import c\nimport a.d\nif X:\n    from a import e\ndef f():\n    import a.g\n"
    known = {"a": 1, "a.b": 1, "a.d": 1, "a.e": 1, "a.g": 1}
    assert set(_names(ast.parse(code), known)) == {"a.b", "a.d", "a.e"}


def test_what_begins_with_a_line_stays_in_its_file():
    """`from a import _b` is for files that begin so, never for a function of another file."""
    borrowed = [
        f"{name} takes {found.name} from {node.module}"
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for found in node.names
        if found.name.startswith("_")
        and not found.name.startswith("__")
        and f"{node.module}.{found.name}" not in MODULES
    ]
    assert not borrowed


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _imported(name: str, path: Path):
    return (found for found in _names(ast.parse(path.read_text(encoding="utf-8")), MODULES) if found != name)


def _names(tree: ast.AST, known):
    """Modules imported when the file itself is: what stands in functions and for type checkers only is left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known:
                    yield inner
                elif node.module in known:
                    yield node.module
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _for_types(node):
            yield from _names(node, known)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
