"""Stage decks: whole ones stand inside the outline, the rest is cut and counted."""

from __future__ import annotations

import numpy as np
import pytest

import stagecraft as sc
from stagecraft.scene import KitLine, Part, Scene, Space

TWO_BY_ONE = "stg.globaltruss.gtstagedeck.2x1"


def stage(size: tuple[float, float]) -> Scene:
    return sc.build(sc.Venue(name="Decks", elements=(sc.Stage(id="s", size=size, height=0.8, deck=TWO_BY_ONE),)))


def decks(scene: Scene) -> Part:
    (part,) = (part for part in scene.parts if part.name == "decks")
    return part


@pytest.mark.parametrize(("size", "whole"), [((6, 3), 9), ((8, 4), 16), ((5, 4), 10), ((3, 8), 12)])
def test_a_stage_of_whole_decks_is_tiled_without_a_cut_whichever_way_round(size, whole):
    scene = stage(size)
    assert decks(scene).count == whole
    assert not scene.of(KitLine)


def test_what_does_not_fit_is_cut_and_counted_and_stays_inside():
    """32 × 16 ft of 2 × 1 m decks: 4 × 4 whole; at each side 4 halves, and a strip of 6 upstage."""
    scene = stage((9.7536, 4.8768))
    (cut,) = scene.of(KitLine)
    assert (decks(scene).count, cut.quantity) == (16, 14)
    (deck,) = (space for space in scene.of(Space) if space.use == "stage")
    low, high = deck.outline.outer.points.min(axis=0), deck.outline.outer.points.max(axis=0)
    assert np.all(decks(scene).bounds[0, :2] >= low - 1e-9)
    assert np.all(decks(scene).bounds[1, :2] <= high + 1e-9)


def test_cut_decks_know_their_shape_and_with_the_whole_ones_they_cover_the_stage():
    """A round thrust has cut decks of every shape; what is left of each lies within the outline."""
    ring = tuple((4 * np.cos(t), 4 + 4 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 40, endpoint=False))
    round_stage = sc.Stage(id="r", outline=ring, height=0.6, deck=TWO_BY_ONE)
    square = sc.Stage(id="q", size=(9.7536, 4.8768), at=(0, 20), height=0.6, deck=TWO_BY_ONE)
    scene = sc.build(sc.Venue(name="Decks", elements=(round_stage, square)))
    for element in ("r", "q"):
        mine = [part for part in scene.parts if part.element == element]
        cut = [part for part in mine if part.name == "cut deck"]
        (whole,) = (part for part in mine if part.name == "decks")
        (line,) = (line for line in scene.of(KitLine) if line.element == element)
        (deck,) = (space for space in scene.of(Space) if space.element == element)
        areas = [plan.area for part in cut for plan in part.plans()]
        assert len(cut) == line.quantity
        assert sum(areas) + 2.0 * whole.count == pytest.approx(deck.outline.area, rel=2e-3)
        assert all(deck.outline.polygon.buffer(1e-6).contains(plan) for part in cut for plan in part.plans())
        assert len({tag for part in cut for tag in part.tags}) == len(cut)


@pytest.mark.parametrize("size", [(6, 3), (3, 8), (14.4, 6)])
def test_every_whole_deck_stands_on_four_legs_of_its_own(size):
    """Those at the stage's edges too; a leg's foot lies within its deck."""
    scene = stage(size)
    (legs,) = (part for part in scene.parts if part.name == "legs")
    assert legs.count == 4 * decks(scene).count
    feet = legs.transforms[:, :2, 3]
    for plan in decks(scene).plans():
        x0, y0, x1, y1 = plan.bounds
        inside = (feet > (x0, y0)).all(axis=1) & (feet < (x1, y1)).all(axis=1)
        assert inside.sum() == 4
