"""Rigging points: a load is printed only where somebody entered it and signed for it."""

from stagecraft.schedules.picks import picks
from tests.schedules._house import hall, scene


def test_a_load_without_an_author_is_left_out():
    table = picks(hall())
    assert table.values["pick"] == ["T1.1", "T1.2", "H7"]
    assert table.values["load"] == [250.0, None, None]
    assert table.values["author"] == ["A. Rigger", "", ""]
    assert table.values["limit"] == [None, None, 500.0]
    assert table.values["trim"] == [5.0, 5.0, None]
    assert table.values["kind"] == ["pick", "pick", "house point"]
    assert "left out, as nobody signed for them: loads of 1 of 3 points" in table.notes


def test_every_list_of_points_says_that_it_is_not_for_rigging():
    assert picks(hall()).notes[0] == "not for rigging until approved"
    assert picks(scene()).notes == ("not for rigging until approved",)


def test_loads_are_never_added_up():
    assert not any(column.total for column in picks(hall()).columns)
