"""Under the rules of every place, a house that is turned, carried off or seen in the mirror gets the same verdicts."""

from __future__ import annotations

from functools import cache

import pytest

from stagecraft.checks import ruleset
from stagecraft.checks._check import NotChecked, Subject
from stagecraft.checks.finding import Finding
from tests.validation.test_moves import FILES, carried, house, twin

SETS = ruleset.load(ruleset.known_sets())
HOUSES = [name for name in FILES if name not in ("minimal", "townhall", "round")]
FAR = 0.06
"""Lengths of ways differ by so much when the house is turned: they keep 0.25 m from polygons of circles. [m]"""


def verdicts(scene):
    """Rule → whether and what it found: (severity, measured, required) of each finding."""
    subject = Subject(scene)
    out = {}
    for rule in (rule for one in SETS for rule in one.rules):
        if rule.check.code.startswith("SL") or rule.not_checked:
            continue
        try:
            found = [one for one in rule.check.run(subject, rule, **rule.values) if isinstance(one, Finding)]
        except NotChecked:
            out[rule.id] = None
            continue
        out[rule.id] = sorted((one.severity, one.measured or 0.0, one.required or 0.0) for one in found)
    return out


@cache
def said(name):
    return verdicts(house(name)[1])


def same(one, other):
    assert one.keys() == other.keys()
    for rule, found in one.items():
        there = other[rule]
        assert (found is None) == (there is None), rule
        for a, b in zip(found or (), there or (), strict=True):
            assert a[0] == b[0], rule
            assert a[1:] == pytest.approx(b[1:], abs=FAR), rule


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_that_is_turned_has_the_same_verdicts(name):
    same(said(name), verdicts(carried(house(name)[1], (12.5, -40.0, 3.0), 37.0)))


@pytest.mark.parametrize("name", HOUSES)
def test_a_house_in_the_mirror_has_the_same_verdicts(name):
    same(said(name), verdicts(twin(house(name)[1])))


def test_every_set_has_something_to_say_of_them():
    """Each rule set passes some house and fails another: the comparison above is not one of nothing with nothing."""
    for one in SETS:
        results = [said(name)[rule.id] for name in HOUSES for rule in one.rules if said(name).get(rule.id) is not None]
        assert any(found == [] for found in results), one.id
        assert any(found for found in results), one.id
