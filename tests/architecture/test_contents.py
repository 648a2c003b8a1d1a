"""Contents pages are explicit: what stands in a folder stands on its page."""

import inspect
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from stagecraft.checks import CHECKS
from stagecraft.checks._check import Check
from stagecraft.elements import ELEMENTS
from stagecraft.elements._base import Element
from stagecraft.export.write import CONTENTS

PACKAGE = Path(__file__).parents[2] / "stagecraft"


def modules(folder: str) -> list[str]:
    """Modules of a folder, those that begin with _ aside."""
    return sorted(path.stem for path in (PACKAGE / folder).glob("*.py") if not path.stem.startswith("_"))


@pytest.mark.parametrize("name", modules("elements"))
def test_every_element_is_on_its_page_under_its_type(name):
    here = import_module(f"stagecraft.elements.{name}")
    made = {
        thing
        for _, thing in inspect.getmembers(here, inspect.isclass)
        if thing.__module__ == here.__name__ and issubclass(thing, Element) and "type" in thing.model_fields
    }
    assert made, f"elements/{name}.py makes no element: a file that only helps begins with _"
    for element in made:
        assert ELEMENTS.get(element.model_fields["type"].default) is element


def test_every_element_explains_itself():
    assert not [name for name, element in ELEMENTS.items() if not element.__doc__]


def test_every_check_is_on_its_page():
    made = [
        thing
        for name in modules("checks")
        for thing in vars(import_module(f"stagecraft.checks.{name}")).values()
        if isinstance(thing, Check)
    ]
    assert {check.name: check for check in made} == CHECKS


def test_no_two_checks_share_a_code():
    codes = [check.code for check in CHECKS.values()]
    assert len(set(codes)) == len(codes)
    assert all(check.doc for check in CHECKS.values())


def test_every_writer_is_on_its_page_and_every_line_leads_to_a_writer():
    listed = {line for kinds in CONTENTS.values() for line in kinds.values()}
    made = {
        f"{name}.{function}"
        for name in modules("export")
        for function, thing in vars(import_module(f"stagecraft.export.{name}")).items()
        if function.startswith("write_")
        and inspect.isfunction(thing)
        and thing.__module__ == f"stagecraft.export.{name}"
    }
    assert listed == made


def test_every_folder_of_data_is_packed():
    root = PACKAGE.parent
    build = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    packed = build["targets"]["wheel"]["force-include"]
    folders = {path.name for path in (root / "assets").iterdir() if path.is_dir()} - {"examples"}
    assert packed == {f"assets/{name}": f"stagecraft/_assets/{name}" for name in folders}
