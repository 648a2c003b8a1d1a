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
