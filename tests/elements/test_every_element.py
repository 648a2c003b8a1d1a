"""What holds for everything that can stand in a venue."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import trimesh

import stagecraft.elements as contents
from stagecraft import scene as waist
from stagecraft.elements import ELEMENTS
from stagecraft.elements._base import Element
from stagecraft.geometry import frame as frames
from stagecraft.scene import KitLine, Part

from ._site import EXAMPLES, element, records, site

FOLDER = Path(contents.__file__).parent
EVERY = pytest.mark.parametrize("kind", list(ELEMENTS))


def test_every_module_is_on_the_contents_page():
    modules = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    assert modules == {cls.__module__.rpartition(".")[2] for cls in ELEMENTS.values()}


def test_the_contents_page_calls_things_by_their_module_and_type():
    for kind, cls in ELEMENTS.items():
        assert import_module(cls.__module__).__name__.endswith(f".{kind}" if kind != "item" else ".item")
        assert cls.model_fields["type"].default == kind
        assert cls.__name__ in contents.__all__


def test_there_is_an_example_of_each_type():
    assert set(EXAMPLES) == set(ELEMENTS)


@EVERY
def test_every_field_is_explained_or_speaks_for_itself(kind):
    plain = {"type", "height", "width", "thickness", "colour", "columns", "rows", "ceiling", "doors", "points", "item"}
    cls = ELEMENTS[kind]
    assert cls.__doc__
    silent = {name for name, info in cls.model_fields.items() if not info.description} - set(Element.model_fields)
    assert silent <= plain | {"panel", "focus", "kind", "rail_height", "parapet_thickness"}


@EVERY
def test_every_solid_is_closed_and_looks_outwards(kind):
    for part in records(kind, Part):
        mesh = trimesh.Trimesh(part.solid.vertices, part.solid.faces, process=False)
        assert part.solid.is_closed, part.label
        assert mesh.is_watertight
        assert mesh.is_winding_consistent
        assert part.solid.volume > 0
        assert mesh.volume == pytest.approx(part.solid.volume, rel=1e-6)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("stairs", {"steps": 2, "rails": True}), ("stairs", {"height": 0.01, "width": 0.05}), ("stairs", {"steps": 200}),
        ("ramp", {"height": 0.01, "length": 0.1}), ("platform", {"size": [0.05, 0.05]}), ("foh", {"consoles": 20}),
        ("foh", {"size": [0.1, 2]}), ("foh", {"consoles": 0}), ("drape", {"to": [9000, 0]}), ("drape", {"to": [-3.9, 0]}),
        ("camera", {"aim": [0, 0, 9]}), ("camera", {"aim": [0, 0, 1.6]}), ("camera", {"lens": 0.3}),
        ("tables", {"count": 1, "seats": 13}), ("tables", {"item": "fur.table.rect6", "seats": 1}),
        ("balcony", {"size": [0.2, 0.05]}), ("scenery", {"size": [5000, 5000, 0.018], "sheet": 0.018}),
        ("fire_point", {"size": [0.05, 0.05], "height": 0.1}), ("camera_platform", {"size": [0.3, 0.3]}),
    ],
)  # fmt: skip
def test_odd_sizes_give_closed_solids_too(kind, fields):
    for part in records(kind, Part, **fields):
        assert part.solid.is_closed, part.label
        assert part.solid.volume > 0
        assert np.isfinite(part.transforms).all()


@EVERY
def test_every_record_belongs_to_its_element_and_every_copy_has_its_tag(kind):
    for record in records(kind):
        assert record.element == "it"
        if isinstance(record, Part) and record.item:
            assert len(record.tags) == record.count
            assert len(set(record.tags)) == record.count


@EVERY
def test_every_item_named_is_on_the_scenes_list(kind):
    made = element(kind)
    where = site(made)
    built = list(made.build(where))
    used = {record.item for record in built if isinstance(record, (Part, KitLine)) and record.item}
    assert used <= set(where.items)


@EVERY
def test_a_twin_has_the_volume_of_the_first_and_stands_across_the_centre_line(kind):
    carried = [waist.moved(record, frames.frame((3.0, -2.0, 0.5), 30.0)) for record in records(kind)]
    for record in carried:
        twin = waist.mirrored(record, {"it": "it_mirror"})
        assert twin.element == "it_mirror"
        if isinstance(record, Part):
            assert twin.solid.is_closed
            assert twin.solid.volume == pytest.approx(record.solid.volume)
            low, high = record.bounds
            assert twin.bounds == pytest.approx(np.array([[-high[0], *low[1:]], [-low[0], *high[1:]]]))


@EVERY
def test_an_element_carried_there_and_back_is_as_it_was(kind):
    there = frames.frame((3.0, -2.0, 0.5), 37.0)
    for record in records(kind):
        if isinstance(record, Part):
            back = waist.moved(waist.moved(record, there), frames.inverse(there))
            assert back.bounds == pytest.approx(record.bounds, abs=1e-9)


@EVERY
def test_the_same_element_builds_the_same_twice(kind):
    for one, two in zip(records(kind, Part), records(kind, Part), strict=True):
        assert np.array_equal(one.solid.vertices, two.solid.vertices)
        assert np.array_equal(one.solid.faces, two.solid.faces)
        assert np.array_equal(one.transforms, two.transforms)


@pytest.mark.parametrize("kind", sorted(set(ELEMENTS) - {"lamp", "camera", "camera_platform", "truss", "drape"}))
def test_what_is_not_aimed_at_the_room_is_the_same_wherever_it_stands(kind):
    here, there = element(kind), element(kind, at=[5, 6, 2], turn=25)
    built = here.build(site(here)), there.build(site(there, there.frame()))
    for one, two in zip(*built, strict=True):
        if isinstance(one, Part):
            assert np.array_equal(one.solid.vertices, two.solid.vertices)
            assert np.array_equal(one.transforms, two.transforms)


@EVERY
def test_an_element_written_in_python_by_its_field_names_is_the_one_from_a_file(kind):
    cls = ELEMENTS[kind]
    names = {info.alias: name for name, info in cls.model_fields.items() if info.alias}
    given = {names.get(key, key): value for key, value in EXAMPLES[kind].items()}
    assert cls(id="it", **given) == element(kind)
