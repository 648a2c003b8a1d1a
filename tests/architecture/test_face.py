"""The face: light to open, complete, and in words."""

import inspect
import subprocess
import sys

import stagecraft

HEAVY = (
    "numpy",
    "trimesh",
    "ezdxf",
    "shapely",
    "pydantic",
    "reportlab",
    "PIL",
    "pyglet",
    "moderngl",
    "manifold3d",
    "rich",
)
AFTER = "import sys; from stagecraft.cli import main; main({arguments}); print('loaded:', *sorted(sys.modules))"


def loaded(*arguments: str) -> set[str]:
    """Modules that a fresh Python holds after a command."""
    code = AFTER.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    return set(done.stdout.rpartition("loaded:")[2].split())


def test_help_imports_nothing_heavy():
    assert loaded("--help") & {*HEAVY, "stagecraft.api"} == set()


def test_the_face_itself_is_opened_by_the_first_name_asked_for():
    code = "import sys, stagecraft; print('numpy' in sys.modules); stagecraft.Venue; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_the_face_has_the_names_of_the_api():
    from stagecraft import api

    assert set(api.__all__) == stagecraft._FACE
    assert len(set(api.__all__)) == len(api.__all__)
    assert all(getattr(stagecraft, name) is getattr(api, name) for name in api.__all__)


def test_every_name_of_the_face_explains_itself():
    from stagecraft import api

    silent = [name for name in api.__all__ if not _words(getattr(api, name))]
    assert not silent, f"no docstring: {', '.join(silent)}"


def _words(thing) -> str:
    """What a thing says of itself; a dataclass's own signature is no explanation."""
    text = thing.__doc__ or ""
    return "" if inspect.isclass(thing) and text.startswith(f"{thing.__name__}(") else text


def test_every_field_of_a_venue_file_says_what_it_is():
    """`explain` prints them, and editors show them."""
    from pydantic import BaseModel

    from stagecraft.elements import ELEMENTS
    from stagecraft.venue.document import Venue
    from stagecraft.venue.reference import _models

    seen: set[type[BaseModel]] = set()
    mute: list[str] = []

    def look(model: type[BaseModel]) -> None:
        if model in seen:
            return
        seen.add(model)
        for name, info in model.model_fields.items():
            if not info.description and name != "type":
                mute.append(f"{model.__name__}.{name}")
            for inner in _models(info.annotation):
                look(inner)

    for model in (*ELEMENTS.values(), Venue):
        look(model)
    assert not mute
