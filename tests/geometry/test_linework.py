"""What is seen of solids: exact against closed forms, and against rays cast one by one."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely

from stagecraft.geometry import shapes
from stagecraft.geometry.frame import Floats, frame, frames
from stagecraft.geometry.linework import (
    FROM_ABOVE,
    FROM_THE_HOUSE,
    TO_STAGE_LEFT,
    Body,
    Path,
    circles_of,
    each_once,
    hidden_lines,
    look,
    outline_paths,
    ovals_of,
    section_cut,
    silhouette,
)  # fmt: skip
from stagecraft.geometry.outline import Outline, circle, outline, rectangle, sector
from tests.geometry.rays import compared

VIEWS = [FROM_ABOVE, FROM_THE_HOUSE, TO_STAGE_LEFT]


def segments(paths: list[Path]) -> set[tuple[float, ...]]:
    """Straight runs, each as four rounded numbers, whichever way they run."""
    found = set()
    for path in paths:
        ends = np.concatenate([path.points, path.points[:1]]) if path.closed else path.points
        for a, b in pairwise(ends):
            p, q = sorted((tuple(np.round(a, 5) + 0.0), tuple(np.round(b, 5) + 0.0)))
            found.add((*p, *q))
    return found


@pytest.mark.parametrize(("view", "size"), list(zip(VIEWS, [(1, 2), (1, 3), (2, 3)])))
def test_a_box_is_one_closed_rectangle_from_every_side(view: Floats, size: tuple[float, float]) -> None:
    (path,) = hidden_lines([Body(shapes.box(1, 2, 3))], view)
    assert path.closed
    assert len(path.points) == 4
    assert np.ptp(path.points, axis=0) == pytest.approx(size, abs=1e-12)


def test_views_are_right_handed_and_look_where_they_say() -> None:
    for view in VIEWS:
        assert np.cross(view[0], view[1]) == pytest.approx(view[2])
    assert (TO_STAGE_LEFT @ [0, 5, 1]).tolist() == [-5, 1, 0]  # upstage is on the left


def test_a_cylinder_is_a_true_circle_from_above_and_four_lines_from_the_side() -> None:
    body = Body(shapes.cylinder(0.6, 0, 2, at=(3, 4)))
    (seen,) = hidden_lines([body])
    assert seen.circle == pytest.approx((3, 4, 0.6), abs=1e-12)
    (side,) = hidden_lines([body], FROM_THE_HOUSE)
    assert side.closed
    assert len(side.points) == 4


def test_an_arc_keeps_its_centre_and_radius() -> None:
    """The fascia: R 4.000 and 3.000 about (0, 1.2), 140°."""
    body = Body(shapes.prism(sector((0, 1.2), 3, 4, 200, 340), 0, 1))
    (path,) = hidden_lines([body])
    assert path.closed
    assert len(path.points) == 4
    assert sorted(map(abs, path.bulges)) == pytest.approx(
        [0, 0, math.tan(math.radians(35)), math.tan(math.radians(35))]
    )
    for i, bulge in enumerate(path.bulges):
        a, b = path.points[i], path.points[(i + 1) % 4]
        if bulge:
            radius = np.linalg.norm(b - a) / (2 * abs(math.sin(2 * math.atan(bulge))))
            assert min(abs(radius - 3), abs(radius - 4)) < 1e-9
            assert np.linalg.norm(a - [0, 1.2]) == pytest.approx(radius, abs=1e-9)


def test_a_line_is_cut_exactly_where_it_goes_behind_something() -> None:
    front = Body(shapes.box(1, 1, 1, (0, -2, 0)), group="front")
    back = Body(shapes.box(3, 1, 0.5), group="back")
    seen = segments([p for p in hidden_lines([front, back], FROM_THE_HOUSE) if p.group == "back"])
    assert (-1.5, 0.5, -0.5, 0.5) in seen
    assert (0.5, 0.5, 1.5, 0.5) in seen
    assert not any(abs(s[0]) < 0.49 or abs(s[2]) < 0.49 for s in seen)


def test_copies_that_cover_one_another_are_drawn_once() -> None:
    row = Body(shapes.box(0.5, 0.5, 0.9), frames(np.array([(x, 0, 0) for x in range(20)], float)))
    assert len(hidden_lines([row], TO_STAGE_LEFT)) == 1
    assert len(hidden_lines([row], FROM_ABOVE)) == 20


def test_boxes_side_by_side_share_one_line() -> None:
    pair = Body(shapes.box(1, 1, 1), frames(np.array([(0, 0, 0), (1, 0, 0)], float)))
    total = sum(
        float(np.linalg.norm(np.diff(np.concatenate([p.points, p.points[: p.closed]]), axis=0), axis=1).sum())
        for p in hidden_lines([pair])
    )
    assert total == pytest.approx(2 * 2 + 3 * 1)  # long sides, and three short ones instead of four


def test_what_a_deck_hides_is_not_in_sight() -> None:
    deck = Body(shapes.box(2, 1, 0.1, (0, 0, 0.8)))
    legs = Body(shapes.box(0.05, 0.05, 0.8), frames(np.array([(0.5, 0.2, 0), (5, 0, 0)], float)))
    assert [seen.tolist() for seen in look([deck, legs]).copies()] == [[True], [False, True]]


def test_the_plane_cuts_away_what_is_before_it_and_the_cut_face_hides_what_is_inside() -> None:
    room = shapes.prism(outline(rectangle(4, 4).outer.points, [rectangle(3, 3).outer.points]), 0, 2)
    inside = Body(shapes.box(0.5, 0.5, 0.5, (1, 0, 0)), group="in")
    before = Body(shapes.box(0.5, 0.5, 0.5, (-1, 0, 0)), group="out")
    buried = Body(shapes.box(0.1, 0.1, 0.1, (0.2, 1.75, 1)), group="buried")
    groups = {path.group for path in hidden_lines([Body(room), inside, before, buried], TO_STAGE_LEFT, near=0.0)}
    assert groups == {None, "in"}


@pytest.mark.parametrize(
    ("body", "view", "at", "area"),
    [
        (Body(shapes.box(1, 2, 3)), TO_STAGE_LEFT, 0.2, 2 * 3),
        (Body(shapes.box(1, 2, 3), frame(turn=30)[None]), FROM_ABOVE, 1.0, 1 * 2),
        (Body(shapes.cylinder(0.6, 0, 2)), FROM_ABOVE, 1.0, 24 * 0.36 * math.sin(2 * math.pi / 48)),
        (Body(shapes.stepped_block(8, 0.9, [0.3] * 4, 0.3)), TO_STAGE_LEFT, 0.0, 0.9 * 0.3 * 5 * 6 / 2),
        (Body(shapes.prism(outline(rectangle(10, 8).outer.points, [rectangle(9.6, 7.6).outer.points]), 0, 3)), FROM_ABOVE,
         1.2, 80 - 9.6 * 7.6),
        (Body(shapes.box(1, 1, 1), frames(np.array([(0, 3, 0), (0, 5, 0), (2, 0, 0)], float))), TO_STAGE_LEFT, 0.1, 2),
        (Body(shapes.box(1, 1, 1)), FROM_ABOVE, 1.5, 0),
    ],
)  # fmt: skip
def test_a_cut_face_has_the_area_of_its_closed_form(body: Body, view: Floats, at: float, area: float) -> None:
    assert section_cut(body, view, at).area == pytest.approx(area, abs=1e-9)


def test_a_solid_that_only_touches_the_plane_from_beyond_is_not_cut() -> None:
    beyond, before = (Body(shapes.cuboid((x, 0, 0), (x + 1, 1, 1))) for x in (0, -1))
    assert section_cut(beyond, TO_STAGE_LEFT, 0.0).is_empty
    assert section_cut(before, TO_STAGE_LEFT, 0.0).area == pytest.approx(1)


def test_a_ring_of_walls_with_a_round_hole_is_drawn_with_a_true_circle() -> None:
    hole = circle(1.0, (0.5, 0), 64)
    shape = Outline(
        rectangle(6, 4).outer, (type(hole.outer)(hole.outer.points[::-1].copy(), hole.outer.arcs),), hole.circles
    )
    body = Body(shapes.prism(shape, 0, 3))
    paths = outline_paths(section_cut(body, FROM_ABOVE, 1.2), circles_of(body, FROM_ABOVE), "wall")
    assert [path.circle for path in paths if path.circle] == [pytest.approx((0.5, 0, 1.0), abs=1e-9)]
    assert [len(path.points) for path in paths if not path.circle] == [4]


def test_a_silhouette_has_the_area_of_the_shadow() -> None:
    assert silhouette(Body(shapes.box(1, 2, 3)), FROM_THE_HOUSE).area == pytest.approx(3)
    assert silhouette(Body(shapes.box(2, 2, 1), frame(turn=45)[None]), FROM_THE_HOUSE).area == pytest.approx(
        2 * math.sqrt(2)
    )


def test_the_order_of_the_bodies_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    crowd = [Body(shapes.box(*rng.uniform(0.2, 1, 3)), frame(tuple(rng.uniform(-2, 2, 3)))[None]) for _ in range(12)]
    for view in VIEWS:
        assert segments(hidden_lines(crowd, view)) == segments(hidden_lines(crowd[::-1], view))


def test_visible_parts_agree_with_rays_cast_one_by_one() -> None:
    """Solids in general position; for points on their edges a ray towards the viewer meets a face or does not."""
    rng = np.random.default_rng(7)
    kinds = [shapes.box(1, 0.6, 0.8), shapes.truss_bays(2, 0.5, 0.5, 0.1), shapes.ellipsoid((0.4, 0.5, 0.3)),
             shapes.prism(sector((0, 0), 0.5, 1, 0, 100), 0, 0.7)]  # fmt: skip
    bodies = []
    for solid in kinds:
        at = np.array([frame(tuple(rng.uniform(-1.5, 1.5, 3)), *rng.uniform(0, 360, 2)) for _ in range(6)])
        bodies.append(Body(solid, at))
    count = 3000
    drawn, wrong, doubt = compared(bodies, FROM_THE_HOUSE, math.inf, count, 7)
    assert 0.2 * count < drawn < 0.8 * count
    assert wrong <= count // 1000
    assert doubt <= count // 30


def tilted(turn: float, radius: float = 4.0, length: float = 2.0) -> Body:
    """A tube whose axis is tilted so many degrees out of the vertical."""
    return Body(shapes.cylinder(radius, 0, length), frame(tilt=turn)[None])


@pytest.mark.parametrize("turn", [12.0, 30.0, 45.0, 60.0, 75.0])
def test_a_tilted_cylinder_has_ellipses_of_ratio_cos_and_two_lines_a_radius_from_its_axis(turn: float) -> None:
    paths = hidden_lines([tilted(turn)])
    ovals = [path for path in paths if path.oval]
    lines = [path for path in paths if not path.oval]
    assert sorted(path.closed for path in ovals) == [False, True]
    for path in ovals:
        assert path.oval is not None
        assert path.oval.radius == pytest.approx(4.0, abs=1e-12)
        assert path.oval.ratio == pytest.approx(abs(math.cos(math.radians(turn))), abs=1e-12)
    half = next(path for path in ovals if not path.closed)
    assert half.turns[1] - half.turns[0] == pytest.approx(math.pi, abs=1e-9)  # the far end shows one half
    assert sorted(round(float(x), 9) for path in lines for x in path.points[:, 0]) == [-4.0, -4.0, 4.0, 4.0]
    length = 2 * math.sin(math.radians(turn))
    assert [np.ptp(path.points[:, 1]) for path in lines] == pytest.approx([length, length], abs=1e-9)


@pytest.mark.parametrize("sides", [4, 8, 12, 13, 48])
def test_a_lying_tube_is_a_rectangle_as_wide_as_it_is_thick_however_coarse_its_facets(sides: int) -> None:
    tube = Body(shapes.rod((-1, 0.3, 2), (1, 0.3, 2), 0.05, sides))
    for view in (FROM_ABOVE, FROM_THE_HOUSE):
        (path,) = hidden_lines([tube], view)
        assert path.closed
        assert len(path.points) == 4
        assert np.ptp(path.points, axis=0) == pytest.approx((2, 0.1), abs=1e-9)
    (end,) = hidden_lines([tube], TO_STAGE_LEFT)
    assert end.circle == pytest.approx((-0.3, 2, 0.05), abs=1e-9)


def test_what_passes_behind_a_tube_ends_at_its_outline() -> None:
    tube = Body(shapes.rod((0, 0, -1), (0, 0, 1), 0.1, 8), frame(turn=13.0)[None], group="tube")
    bar = Body(shapes.box(2, 0.02, 0.02, (0, 1, 0)), group="bar")
    ends = np.concatenate([p.points for p in hidden_lines([tube, bar], FROM_THE_HOUSE) if p.group == "bar"])
    assert np.abs(ends[:, 0]).min() == pytest.approx(0.1, abs=2e-5)


def test_flush_edges_of_two_groups_are_drawn_once_as_the_first_of_them() -> None:
    """Two boxes side by side, 3 m of length in all and one wall between them: 8 m of lines, the wall the first one's."""
    one, two = Body(shapes.box(1, 1, 1), group="one"), Body(shapes.box(2, 1, 1, (1.5, 0, 0)), group="two")

    def lengths(bodies: list[Body]) -> dict[object, float]:
        found: dict[object, float] = {}
        for path in hidden_lines(bodies):
            ends = np.concatenate([path.points, path.points[: path.closed]])
            found[path.group] = found.get(path.group, 0.0) + float(np.linalg.norm(np.diff(ends, axis=0), axis=1).sum())
        return found

    assert lengths([one, two]) == pytest.approx({"one": 4.0, "two": 5.0})
    assert lengths([two, one]) == pytest.approx({"one": 3.0, "two": 6.0})


def test_arcs_of_two_groups_on_one_circle_are_drawn_once() -> None:
    disc = Body(shapes.cylinder(1.0, 0, 1), group="disc")
    ring = Body(shapes.prism(sector((0, 0), 1.0, 1.5, 20, 200), 0, 1), group="ring")
    paths = hidden_lines([disc, ring])
    assert [p.circle for p in paths if p.group == "disc"] == [pytest.approx((0, 0, 1.0))]
    (rest,) = [p for p in paths if p.group == "ring"]
    assert len(rest.points) == 4
    assert not rest.closed


def test_what_lies_under_lines_drawn_already_is_left_out() -> None:
    sight = look([Body(shapes.box(2, 1, 1))])
    over = Path("over", np.array([(-1.0, -0.5), (0.25, -0.5)]))
    (left,) = sight.paths(over=[over])
    assert not left.closed
    assert sorted(left.points[[0, -1]].tolist()) == [[-1.0, -0.5], [0.25, -0.5]]


def test_of_each_edge_what_is_hidden_and_what_is_seen_make_the_whole() -> None:
    deck = Body(shapes.box(2, 1, 0.1, (0, 0, 0.8)), group="deck")
    leg = Body(shapes.box(0.1, 0.1, 0.8, (1.0, 0, 0)), group="leg")
    sight = look([deck, leg])
    (seen,) = [path for path in sight.paths() if path.group == "leg"]
    (hidden,) = [path for path in sight.hidden_paths() if path.group == "leg"]
    for path in (seen, hidden):
        assert np.linalg.norm(np.diff(path.points, axis=0), axis=1).sum() == pytest.approx(0.2, abs=1e-5)


@pytest.mark.parametrize("at", [0.0, 0.1, 0.333, 0.59])
@pytest.mark.parametrize("turn", [0.0, 7.0])
def test_a_column_cut_upright_is_as_wide_as_its_circle_there(at: float, turn: float) -> None:
    """2·√(r² − d²)·h, though the column is made of 48 facets."""
    column = Body(shapes.cylinder(0.6, 0, 3), frame(turn=turn)[None])
    area = section_cut(column, TO_STAGE_LEFT, at).area
    assert area == pytest.approx(2 * math.sqrt(0.36 - at * at) * 3, abs=1e-9)


def test_a_leaning_tube_is_cut_in_an_ellipse() -> None:
    tube = Body(shapes.rod((0, -1, 0), (0, 1, 1), 0.1, 24))
    cosine = 2 / math.sqrt(5)
    ovals = ovals_of(tube, FROM_THE_HOUSE, 0.0)
    (path,) = outline_paths(section_cut(tube, FROM_THE_HOUSE, 0.0), ovals)
    assert path.oval is not None
    assert path.oval.ratio == pytest.approx(cosine, abs=1e-12)
    assert path.oval.radius == pytest.approx(0.1 / cosine, abs=1e-12)
    assert (path.oval.u, path.oval.v) == pytest.approx((0, 0.5), abs=1e-12)


def test_cut_faces_that_share_an_edge_have_one_line_there() -> None:
    one = outline_paths(section_cut(Body(shapes.box(1, 1, 1)), TO_STAGE_LEFT, 0.0), group="one")
    two = outline_paths(section_cut(Body(shapes.box(1, 1, 2, (0, 1, 0))), TO_STAGE_LEFT, 0.0), group="two")
    first, second = each_once([*one, *two])
    assert first.closed
    assert not second.closed
    assert np.linalg.norm(np.diff(second.points, axis=0), axis=1).sum() == pytest.approx(5.0)


@pytest.mark.parametrize("view", [TO_STAGE_LEFT, FROM_THE_HOUSE])
@pytest.mark.parametrize("at", [0.0, 0.37, 1.111])
def test_all_cut_faces_together_have_the_area_of_the_closed_form(view: Floats, at: float) -> None:
    """A room of 10 × 8 m and 4 m with walls of 0.3, a stage 6 × 3 × 0.9, four steps, columns R 0.6 and a lying tube R 0.05."""
    walls = shapes.prism(outline(rectangle(10.6, 8.6).outer.points, [rectangle(10, 8).outer.points]), 0, 4)
    stage = shapes.box(6, 3, 0.9)
    steps = shapes.stair_flight(12.0, 0.3, 0.2, 4)
    column = shapes.cylinder(0.6, 0, 4)
    across = TO_STAGE_LEFT is view
    tube = shapes.rod((-4, 0, 3), (4, 0, 3), 0.05, 24) if across else shapes.rod((0, -4, 3), (0, 4, 3), 0.05, 24)
    stood = frames(np.array([(3, 2, 0), (-3, -2, 0), (0, 0, 4)], float))
    bodies = [Body(walls), Body(stage), Body(steps), Body(column, stood), Body(tube)]
    found = sum(section_cut(body, view, at).area for body in bodies)
    place = -at  # x or y of the plane
    wall, deck = 2 * 0.3 * 4, (3 if across else 6) * 0.9
    stair = 0.3 * 0.2 * 4 * 5 / 2 if across else sum(12 * 0.2 for k in range(4) if -0.3 * (4 - k) <= place <= 0)
    centres = stood[:, 0 if across else 1, 3]
    round_ = sum(2 * math.sqrt(max(0.36 - (place - c) ** 2, 0.0)) * 4 for c in centres)
    facets = 24 / 2 * 0.05**2 * math.sin(2 * math.pi / 24)
    assert found == pytest.approx(wall + deck + stair + round_ + facets, abs=1e-9)
    (ring,) = outline_paths(section_cut(bodies[4], view, at), circles_of(bodies[4], view))
    assert ring.circle is not None
    assert math.pi * ring.circle[2] ** 2 == pytest.approx(math.pi * 0.05**2, abs=1e-9)


def test_all_that_is_seen_is_drawn_and_nothing_else() -> None:
    """The union of the visible spans of edges is the union of the paths, and these do not overlap."""
    rng = np.random.default_rng(3)
    bodies = [
        Body(shapes.box(*np.round(rng.uniform(0.2, 1, 3), 1)), frame(tuple(np.round(rng.uniform(-1, 1, 3), 1)))[None], group=k % 3)
        for k in range(40)
    ]  # fmt: skip
    for view in VIEWS:
        sight = look(bodies, view)
        run = sight.ends[sight.edge, 1] - sight.ends[sight.edge, 0]
        spans = [sight.ends[sight.edge, 0] + sight.span[:, [k]] * run for k in (0, 1)]
        seen = shapely.union_all(shapely.set_precision(shapely.linestrings(np.stack(spans, axis=1)[:, :, :2]), 1e-5))
        paths = [np.concatenate([path.points, path.points[: path.closed]]) for path in sight.paths()]
        drawn = shapely.union_all([shapely.set_precision(shapely.LineString(path), 1e-5) for path in paths])
        total = sum(float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum()) for path in paths)
        assert drawn.length == pytest.approx(seen.length, abs=2e-3)
        assert drawn.length == pytest.approx(total, abs=2e-3)
        assert shapely.hausdorff_distance(seen, drawn) < 1e-4
