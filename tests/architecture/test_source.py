"""The source says why: errors are named, what a type checker is told to ignore has its reason."""

import ast
import re
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "stagecraft").rglob("*.py"))
REASONED = re.compile(r"# type: ignore\[[\w, -]+\]\s+#?\s*\S.*\w")
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def test_every_file_begins_with_what_it_is():
    trees = {where(path): tree(path) for path in FILES}
    assert not [name for name, made in trees.items() if made.body and not ast.get_docstring(made)]


def test_who_catches_every_error_says_why():
    """`except Exception:  # what another's library raises`, on that line; or it is raised again."""
    said = {(path, line) for path, line, _ in COMMENTS}
    broad = [
        where(path, node.lineno)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _broad(node) and not _raises_again(node)
        if (path, node.lineno) not in said
    ]
    assert not broad


def test_what_a_type_checker_must_ignore_has_its_reason():
    """`# type: ignore[code]  # the reason`."""
    bare = [where(path, line) for path, line, text in COMMENTS if "type: ignore" in text and not REASONED.search(text)]
    assert not bare


def test_nothing_is_left_for_later():
    assert not [where(path, line) for path, line, text in COMMENTS if LATER.search(text)]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, line: int | None = None) -> str:
    return ":".join(map(str, filter(None, (path.relative_to(ROOT).as_posix(), line))))


def _comments():
    for path in FILES:
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type == tokenize.COMMENT:
                    yield path, token.start[0], token.string


COMMENTS = list(_comments())


def _broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return bool({n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} & {"Exception", "BaseException"})


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
