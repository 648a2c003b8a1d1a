"""Every mark has a layer, and every layer can be drawn."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from stagecraft.drawing.layers import all_layers, layer_for, linetypes
from stagecraft.drawing.marks import Role, Style
from stagecraft.scene import System

DRAWN = ("centre", "setting", "datum", "grid", "note", "dims", "clear", "sight", "escape", "frame", "title", "underlay",
         "exit", "wheelchair")  # fmt: skip


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("system", [*get_args(System), *DRAWN, "something new"])
def test_every_system_and_role_has_a_layer_of_its_own_making(system: str, role: Role) -> None:
    layer = layer_for(Style(system, role))
    assert layer in all_layers()
    assert layer.name != "0"


def test_names_are_ones_that_every_reader_takes() -> None:
    for layer in all_layers():
        assert re.fullmatch(r"[A-Z0-9-]{1,27}", layer.name)  # a scale may be appended: 31 at most


def test_names_are_unique_and_pens_are_the_iso_series() -> None:
    names = [layer.name for layer in all_layers()]
    assert len(names) == len(set(names))
    assert {layer.lineweight for layer in all_layers()} <= {0.13, 0.18, 0.25, 0.35, 0.5, 0.7, 1.0}
    assert all(1 <= layer.colour <= 255 for layer in all_layers())


def test_every_line_type_used_is_defined_in_paper_millimetres() -> None:
    known = {"Continuous"} | {kind.name for kind in linetypes()}
    assert {layer.linetype for layer in all_layers()} <= known
    totals = {kind.name: sum(map(abs, kind.pattern)) for kind in linetypes()}
    assert totals == {"CENTER": 17, "PHANTOM": 20, "DASHED": 4.5, "DASHED2": 2.25, "DASHDOT": 9}


@pytest.mark.parametrize(
    ("system", "role", "name"),
    [
        ("wall", "cut", "A-WALL-CUT"), ("wall", "beyond", "A-WALL-BYND"), ("wall", "pattern", "A-PATT"),
        ("seating", "line", "F-SEAT"), ("seating", "id", "F-SEAT-ID"), ("wheelchair", "line", "F-WCHR"),
        ("video", "line", "L-LED"), ("video", "beyond", "L-LED-BYND"), ("foh", "beyond", "F-FOH"), ("truss", "line", "R-TRUSS"),
        ("truss", "overhead", "R-OVHD"), ("centre", "line", "G-CNTR"), ("setting", "line", "G-SETL"),
        ("datum", "line", "G-DATM"), ("wall", "dims", "N-DIMS"), ("note", "line", "N-TEXT"),
        ("underlay", "line", "X-UNDR"), ("camera", "overhead", "G-OVHD"),
    ],
)  # fmt: skip
def test_names_follow_the_trade(system: str, role: Role, name: str) -> None:
    assert layer_for(Style(system, role)).name == name
