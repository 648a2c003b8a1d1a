"""A venue file says what was meant: read, written and read again it is the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagecraft.build import build
from stagecraft.venue.document import Venue
from stagecraft.venue.load import load, loads

EXAMPLES = sorted((Path(__file__).parents[2] / "assets" / "examples").glob("*/venue.yaml"))

length = st.one_of(
    st.floats(0.1, 50), st.integers(1, 50), st.sampled_from(["600 mm", "2'-6\"", "1 1/2'", "24 in", "12.5 m"]),
)  # fmt: skip
place = st.floats(-100, 100)
name = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
identity = st.from_regex(r"[A-Za-z観ß0-9_][a-z客ü0-9_.\-]{0,8}", fullmatch=True)


@st.composite
def elements(draw):
    """Some elements of some types, with ids that differ."""
    ids = draw(st.lists(identity, min_size=1, max_size=5, unique_by=lambda text: text.removesuffix("_mirror")))
    out = []
    for id in ids:
        one = {"id": id, "name": draw(name), "at": [draw(place), draw(place)], "turn": draw(st.floats(-360, 360))}
        kind = draw(st.sampled_from(["stage", "seating", "target", "scenery", "lectern", "screen"]))
        one |= {
            "stage": lambda: {"size": [draw(length), draw(length)], "height": draw(length)},
            "seating": lambda: {"rows": draw(st.integers(1, 4)), "seats": draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)),
                                "pitch": draw(length), "stagger": draw(st.booleans())},
            "target": lambda: {"points": [[draw(place), draw(place), 1]], "mirror": draw(st.booleans())},
            "scenery": lambda: {"size": [draw(length)] * 3, "material": draw(name), "colour": "#aBcDeF"},
            "lectern": dict,
            "screen": lambda: {"image": [draw(length), draw(length)], "kind": draw(st.sampled_from(["display", "projection"]))},
        }[kind]()  # fmt: skip
        out.append({"type": kind, **one})
    if draw(st.booleans()):
        out.append({"id": f"{ids[0]}.like", "like": ids[0], "turn": 5})
        out.append({"id": f"{ids[0]}.twin", "mirror": ids[0]})
    return out


@st.composite
def venues(draw):
    made = draw(elements())
    data = {
        "name": draw(name), "client": draw(name), "dates": draw(st.sampled_from(["2026-12-03", "3–5 December", "NO", "12:30", "1e3", ""])),
        "units": draw(st.sampled_from(["m", "ft"])), "brief": draw(st.dictionaries(name, st.integers(0, 9999), max_size=2)),
        "revisions": [{"rev": "01", "date": "2026-11-23", "note": draw(name)}], "elements": made,
        "numbering": {"from": draw(st.sampled_from(["house_left", "house_right"])), "start": draw(st.integers(0, 500))},
        "setups": {"day": {}, "dinner": {"set": {made[0]["id"]: {"turn": 30}}, "brief": {"guests": 3}}},
        "cues": {"Q1": {"setup": "dinner", "set": {made[0]["id"]: {"name": draw(name)}}}},
        "people": {"stature": draw(st.sampled_from(["default", "p5", "children"])), "eye": draw(st.sampled_from([1.1, "3'-8\"", "1150 mm"])),
                   "audience": draw(st.sampled_from(["seated", "standing"]))},
        "weights": {made[0]["id"]: draw(st.floats(0, 1000))},
        "prices": {"currency": "EUR", "standard": draw(st.floats(0, 500)), (category := draw(name)): 3},
        "places": [{"seats": "*", "category": category}],
        "cameras": {draw(name): {"eye": [0, "-3 m", "5'-6\""], "aim": [1, 2, 3]}},
    }  # fmt: skip
    keep = draw(st.sets(st.sampled_from(sorted(data))))
    keep |= {"setups"} if "cues" in keep else set()
    keep |= {"places"} if "prices" in keep else set()
    return Venue.model_validate({key: value for key, value in data.items() if key in keep | {"name", "elements"}})


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.parent.name for path in EXAMPLES])
def test_every_example_survives_the_round_trip(path):
    venue = load(path)
    again = loads(venue.to_yaml(), str(path), path.parent)
    assert again == venue
    assert again.to_yaml() == venue.to_yaml()
    for setup in list(venue.setups) or [None]:
        one, two = build(venue, setup).seats, build(again, setup).seats
        assert one.ids.tolist() == two.ids.tolist()
        assert one.row.tolist() == two.row.tolist()
        assert (one.at == two.at).all()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(venues())
def test_every_venue_survives_the_round_trip(venue):
    text = venue.to_yaml()
    assert loads(text) == venue
    assert loads(text).to_yaml() == text


def test_a_file_keeps_what_was_said_and_adds_no_defaults():
    text = "name: T\nelements:\n- {id: A, type: seating, rows: 2, seats: [3, 4]}\n"
    assert loads(text).to_yaml() == text


@pytest.mark.parametrize(
    "name",
    [
        ":a",
        "?a",
        "- a",
        "# a",
        "a: b",
        "@",
        "%",
        "*",
        "&",
        "!",
        "|",
        ">",
        "~",
        "null",
        "true",
        "1",
        "\x85",
        "\u2028",
        "'",
        '"',
        "",
    ],
)
def test_no_name_is_mistaken_for_yaml(name):
    venue = Venue.model_validate(
        {"name": name, "brief": {name: 1}, "elements": [{"id": "a", "type": "lectern", "name": name}]}
    )
    assert loads(venue.to_yaml()) == venue


def test_only_yaml_1_2_is_spoken():
    venue = loads("name: NO\nclient: yes\nevent: 12:30\ndates: 2026-11-23\nelements: []\n")
    assert (venue.name, venue.client, venue.event, venue.dates) == ("NO", "yes", "12:30", "2026-11-23")


def test_line_ends_a_byte_order_mark_and_halves_of_characters_mean_nothing(tmp_path):
    text = 'name: "Gala \\ud83c\\udfaa"\nelements:\n  - {id: A, type: seating, rows: 2, seats: 3}\n'
    plain = loads(text)
    assert plain.name == "Gala 🎪"
    for raw in (
        text.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r").encode(),
    ):
        (tmp_path / "venue.yaml").write_bytes(raw)
        assert load(tmp_path / "venue.yaml") == plain


def test_anchors_are_followed():
    venue = loads("name: T\nelements:\n  - &a {id: a, type: lectern, turn: 20}\n  - {<<: *a, id: b, at: [1, 2]}\n")
    assert [(e.id, e.turn, e.at) for e in venue.elements] == [("a", 20, (0, 0)), ("b", 20, (1, 2))]


def test_replace_leaves_the_first_venue_as_it_was():
    venue = loads("name: T\nelements:\n  - {id: A, type: seating, rows: 2, seats: 3}\n")
    wider = venue.replace("A", seats=[5, 5])
    assert (len(build(venue).seats), len(build(wider).seats)) == (6, 20)
    assert venue["A"].seats == 3
