"""The JSON schema that editors complete and check a venue file with, and the pages of `explain`."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from elements._site import EXAMPLES as SMALL
from ruamel.yaml import YAML

from stagecraft.elements import ELEMENTS, Element
from stagecraft.venue.document import Venue
from stagecraft.venue.load import loads
from stagecraft.venue.reference import element_text, schema

EXAMPLES = sorted((Path(__file__).parents[2] / "assets" / "examples").glob("*/venue.yaml"))
CHECK = jsonschema.Draft202012Validator(schema())


def plain(text):
    """A file's data as an editor's YAML reader sees it."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.parent.name for path in EXAMPLES])
def test_every_example_fits(path):
    CHECK.validate(plain(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_every_element_type_fits(kind):
    CHECK.validate({"schema": 1, "name": "T", "elements": [{"id": "it", "type": kind, **SMALL[kind]}]})


@pytest.mark.parametrize(
    "text",
    [
        "name: T\nelements:\n  - {id: A, type: seating, rows: 2, seats: 3, risr: 0.1}\n",
        "name: T\nelements:\n  - {id: A, type: seatin, rows: 2, seats: 3}\n",
        "name: T\nelements:\n  - {id: A, type: seating, rows: 0, seats: 3}\n",
        "name: T\nelements:\n  - {id: A, type: seating, seats: 3}\n",
        "name: T\nelements:\n  - {id: a b, type: lectern}\n",
        "name: T\nelements: []\nnumbring: {}\n",
        "name: T\nelements: []\nunits: yards\n",
        "name: T\nelements: []\nschema: 2\n",
        "elements: []\n",
        "name: T\nelements: []\npeople: {stature: p7}\n",
        "name: T\nelements: []\npeople: {audience: lying}\n",
        "name: T\nelements: []\npeople: {size_spread: 2}\n",
        "name: T\nelements: []\nprices: {VIP: 3}\n",
        "name: T\nelements: []\nprices: {currency: euro}\n",
        "name: T\nelements: []\nprices: {currency: EUR, standard: -3}\n",
        "name: T\nelements: []\nweights: {imag: -1}\n",
        "name: T\nelements:\n  - {id: A, type: stage, size: [[1], 2], height: 1}\n",
    ],
)
def test_what_the_loader_refuses_the_editor_marks_too(text):
    assert not CHECK.is_valid(plain(text))
    with pytest.raises(ValueError, match="venue"):
        loads(text)


def test_lengths_may_be_numbers_or_texts():
    for size in (6, 6.5, "6 m", "20'"):
        CHECK.validate({"name": "T", "elements": [{"id": "s", "type": "stage", "size": [size, 3], "height": 1}]})


def test_like_and_mirror_need_no_type_of_their_own():
    CHECK.validate(
        {
            "name": "T",
            "elements": [{"id": "a", "type": "lectern"}, {"id": "b", "like": "a"}, {"id": "c", "mirror": "b"}],
        }
    )


def test_every_field_of_the_schema_is_explained_to_the_editor():
    top = schema()["properties"]
    assert {"schema", "name", "elements", "setups", "cues", "numbering"} <= set(top)
    assert set(top) == {info.alias or name for name, info in Venue.model_fields.items()}
    seating = schema()["$defs"]["Seating"]["properties"]
    assert seating["pitch"]["description"] == "From row to row, back to back. [m]"


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_explain_names_every_field_of_an_element(kind):
    text = element_text(kind)
    words = set(re.findall(r"^\s+(\w+) ", text, re.MULTILINE))
    cls = ELEMENTS[kind]
    assert {info.alias or name for name, info in cls.model_fields.items()} - {"type"} <= words
    assert text.startswith(f"{kind}: ")
    assert len(Element.model_fields) > 5


def test_people_weights_and_prices_fit():
    house = {
        "people": {"stature": "p95", "audience": "standing", "eye": "3'-8\"", "size_spread": 0.04}, "weights": {"imag": 2},
        "prices": {"currency": "GBP", "standard": 40, "VIP": 95.5},
        "cues": {"bow": {"people": {"audience": "standing"}}},
    }  # fmt: skip
    CHECK.validate({"name": "T", "elements": [], **house})
    Venue.model_validate({"name": "T", "elements": [], **house})
