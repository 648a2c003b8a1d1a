"""C over heads as solids: theory on a straight rake, stagger, oblique views, and a slow search over every head."""

from dataclasses import replace

import numpy as np
import pytest

from stagecraft.analysis.views import views
from stagecraft.geometry import shadow, sightline, surface
from stagecraft.scene import Stature, Target
from tests.analysis._house import row, scene, target

HEAD = Stature()


def raked(d, y, tread, riser, rows=14, seats=1, shift=0.0, width=0.55, **more):
    """Rows straight in front of a focus at 0, 0, 0: the first eye `d` away and `y` above it."""
    x = (np.arange(seats) - (seats - 1) / 2) * width
    return [
        row(k + 1, np.c_[x + shift * (k % 2), np.full(seats, -d - tread * k)], floor=y + riser * k - 1.2, width=width, **more)
        for k in range(rows)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("d", "y", "tread", "riser"), [(4.0, 0.22, 0.95, 0.2), (12.0, 2.2, 0.8, 0.3), (18.0, 6.5, 0.8, 0.45)]
)
def test_on_a_straight_rake_solids_and_theory_agree_within_2_mm(d, y, tread, riser):
    """On a slope m the tangent touches a head above its top: √(h² + m²·l²/4) over its middle, not h."""
    view = views(scene(*raked(d, y, tread, riser), target((0, 0, 0)))).targets["focus"]
    k = np.arange(1, 14)
    slope = (y + riser * k) / (d + tread * k)
    tangent = np.hypot(HEAD.head, slope * HEAD.head_length / 2) - HEAD.head
    theory = sightline.linear_c_values(d, y, tread, riser, 14)
    assert view.c[1:] == pytest.approx(theory, abs=1e-9)
    assert view.c_solid[1:] + tangent == pytest.approx(theory, abs=2e-3)
    assert tangent.max() < 0.02


def test_over_a_head_straight_in_front_a_level_sightline_has_its_c_value():
    view = views(scene(*raked(5.0, 0.0, 0.9, 0.0, 2), target((0, 0, 0.0)))).targets["focus"]
    assert view.c_solid[1] == pytest.approx(view.c[1], abs=1e-12)
    assert view.c_solid[0] == np.inf


def test_staggered_seats_look_between_the_heads_over_the_row_but_one():
    line = target((-9, 0, 1.0), (9, 0, 1.0), name="edge", role="floor")
    aligned = scene(*raked(5.0, -0.6, 0.95, 0.1, 8, 9), line)
    staggered = scene(*raked(5.0, -0.6, 0.95, 0.1, 8, 9, shift=0.275), line)
    rear = aligned.seats.key >= 3
    a, b = views(aligned).targets["edge"], views(staggered).targets["edge"]
    assert not a.between.any()
    assert b.between[(staggered.seats.key > 1) & (np.abs(staggered.seats.at[:, 0]) < 2)].all()
    assert not b.between[staggered.seats.key == 1].any()
    over_two = scene(*raked(5.0, -0.6, 1.9, 0.2, 4, 9), line)
    two = views(over_two).targets["edge"].c_solid.reshape(4, 9)
    assert b.c_solid.reshape(8, 9)[2::2, 4] == pytest.approx(two[1:, 4], abs=1e-9)
    assert (b.c_solid[rear] > a.c_solid[rear]).all()


def test_a_head_just_beside_the_sightline_does_not_count():
    """Half the breadth of a head is 77.5 mm."""

    def clear(x):
        house = scene(row(1, [(x, -4)]), row(2, [(0, -5)]), target((0, 0, 1.5)))
        return views(house).targets["focus"].c_solid[1], views(house).targets["focus"].between[1]

    on = 0.0775 * np.hypot(5, 0) / 5
    assert clear(on - 1e-6)[0] < np.inf
    assert clear(on + 1e-6)[0] == np.inf
    assert not clear(on - 1e-6)[1]
    assert clear(on + 1e-6)[1]
    assert clear(-on - 1e-6)[1]


def test_an_aligned_head_hides_9_84_degrees_as_published_and_a_little_more_for_being_round():
    """2·atan(b/2T) for a flat head 155 mm wide 0.9 m away; the tangents to an ellipse meet it nearer."""
    tangent = np.degrees(np.arctan2(HEAD.head_breadth / 2, np.sqrt(0.9**2 - (HEAD.head_length / 2) ** 2)))
    assert 2 * tangent == pytest.approx(9.84, abs=0.07)
    bearing = np.array([-tangent - 0.01, -tangent + 0.01, tangent - 0.01, tangent + 0.01])
    marks = [target((20 * np.sin(a), 20 * np.cos(a), 1.5), name=str(a)) for a in np.radians(bearing)]
    found = views(scene(row(1, [(0, 0.9)]), row(2, [(0, 0)]), *marks)).targets.values()
    assert [np.isfinite(view.c_solid[1]) for view in found] == [False, True, True, False]


@pytest.mark.parametrize(("width", "tread", "published"), [(0.5, 0.9, 10.85), (0.55, 0.95, 11.74)])
def test_the_gap_between_staggered_heads_is_a_little_less_than_published(width, tread, published):
    """atan((w − b)/2T) for flat heads; the tangent to an ellipse leaves up to half a degree less."""
    bearings = np.arange(0.1, 14, 0.1)
    marks = [target((20 * np.sin(a), 20 * np.cos(a), 1.5), name=str(a)) for a in np.radians(bearings)]
    house = scene(row(1, [(-width / 2, tread), (width / 2, tread)], width=width), row(2, [(0, 0)]), *marks)
    gap = bearings[[np.isinf(view.c_solid[2]) for view in views(house).targets.values()]].max()
    assert published - 0.5 < gap < published


def test_the_empty_have_no_head_and_nobody_looks_over_their_own():
    def rear(**more):
        house = scene(row(1, [(0, -4)], **more), row(2, [(0, -5)]), target((0, 0, 1.5)))
        return views(house).targets["focus"].c_solid[-1]

    assert rear() < np.inf
    assert rear(status="kill") == np.inf
    assert rear(removed_by="foh") == np.inf


def test_no_answer_is_not_a_pass():
    view = views(scene(row(1, [(0, -5), (3, 4), (0, 0)]), target((0, 0, 2.2)))).targets["focus"]
    assert np.isnan(view.c_solid[1:]).all()
    assert not view.between.any()
    nobody = views(scene(target((0, 0, 2.2)))).targets["focus"]
    assert nobody.c_solid.shape == nobody.between.shape == nobody.top.shape == (0,)
    for kind, role in (("point", "focus"), ("surface", "focus"), ("line", "person")):
        nowhere = Target("mark", "mark", np.zeros((0, 3)), role, kind)
        assert np.isnan(views(scene(row(1, [(0, -5)]), nowhere)).targets["mark"].c).all()
    lost = row(1, [(0, -5), (0, -6)])
    eyes = lost.eyes.copy()
    eyes[0] = np.nan
    found = views(scene(replace(lost, eyes=eyes), target((0, 0, 2.2)))).targets["focus"]
    assert np.isnan([found.c_solid[0], found.c[0], found.top[0]]).all()
    assert np.isinf(found.c_solid[1])


def test_a_balcony_overhead_hides_nothing_of_the_stage():
    rear, above = row(1, [(0, -20)]), row(2, [(0, -15)], floor=3.5, element="balcony")
    assert np.isinf(views(scene(rear, above, target((0, 0, 2.2)))).targets["focus"].c_solid[0])


@pytest.mark.parametrize("seed", range(4))
def test_c_says_what_the_shadows_of_heads_say(seed):
    """Another engine hides a point where less than a head is left over some head, but for lines that pass below one."""
    rng = np.random.default_rng(seed)
    rows = [
        row(k + 1, np.c_[np.arange(-6, 7) * 0.52 + rng.normal(0, 0.05, 13), np.full(13, -3 - 0.9 * k)],
            floor=0.05 * k, facing=90 + rng.normal(0, 40, 13)) for k in range(9)
    ]  # fmt: skip
    points = np.c_[rng.uniform(-6, 6, 40), rng.uniform(0, 2, 40), rng.uniform(0.9, 2.0, 40)]
    house = scene(*rows, *(target(point, name=str(k)) for k, point in enumerate(points)))
    seats, found = house.seats, views(house)
    everybody = shadow.people(seats.eyes, seats.facing, house.stature)
    m = len(seats)
    heads = shadow.Bodies(*(getattr(everybody, name)[:m] for name in ("centre", "yaw", "radii", "owner")))
    dark_low, low = 0, 0
    for k, point in enumerate(points):
        c = found.targets[str(k)].c_solid
        dark = shadow.hidden(seats.eyes, np.arange(m), heads, surface.point(point)).bits[:, 0] > 0
        sure = np.isfinite(found.targets[str(k)].c) & (np.abs(c - HEAD.head) > 1e-6)
        assert not dark[sure & (c > HEAD.head)].any()
        low += int((sure & (c < HEAD.head)).sum())
        dark_low += int((sure & (c < HEAD.head) & dark).sum())
    assert low > 1000
    assert dark_low > 0.99 * low


@pytest.mark.parametrize("seed", range(4))
def test_every_head_agrees_with_a_slow_search(seed):
    """Turned heads and oblique views; each head's outline in the vertical plane taken point by point."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(8):
        angle = np.linspace(-1.2, 1.2, 12) + rng.normal(0, 0.02, 12)
        radius = 4 + 1.0 * k
        rows.append(row(k + 1, radius * np.c_[np.sin(angle), -np.cos(angle)], floor=0.02 * k * k,
                        facing=90 + np.degrees(angle) + rng.normal(0, 30, 12), width=0.5,
                        status=rng.choice(["open", "kill"], 12, p=[0.85, 0.15])))  # fmt: skip
    marks = [target(p, name=f"t{i}") for i, p in enumerate([(0.3, 0.2, 1.4), (-4.0, 1.0, 2.5)])]
    led = target((-3, 2, 1.6), (0, 2.5, 1.6), (3, 2, 1.6), name="line", role="floor", kind="line")
    house = scene(*rows, *marks, led)
    for view in views(house).targets.values():
        assert view.c_solid == pytest.approx(slow(house, view), abs=2e-5, nan_ok=True)
        assert np.isfinite(view.c_solid).sum() > 20


def slow(house, view):
    seats, out = house.seats, []
    for k, eye in enumerate(seats.eyes):
        if np.isnan(view.c[k]):
            out.append(np.nan)
            continue
        focus = view.focus[k]
        length = np.hypot(*(eye - focus)[:2])
        u = (eye - focus)[:2] / length
        least = np.inf
        for j, middle in enumerate(seats.eyes):
            if j == k or seats.status[j] == "kill":
                continue
            at = (middle - focus)[:2] @ u
            if abs(u[0] * (middle - focus)[1] - u[1] * (middle - focus)[0]) > 0.1:
                continue
            s = at + np.linspace(-0.12, 0.12, 4001)
            p = focus[:2] + s[:, None] * u - middle[:2]
            look = np.radians(seats.facing[j])
            f, g = p @ [np.cos(look), np.sin(look)], p @ [-np.sin(look), np.cos(look)]
            rest = 1 - (f / (HEAD.head_length / 2)) ** 2 - (g / (HEAD.head_breadth / 2)) ** 2
            inside = rest > 0
            if not inside.any() or not 0 < s[inside].mean() < length:
                continue
            top = middle[2] + HEAD.head * np.sqrt(rest[inside])
            line = focus[2] + (eye[2] - focus[2]) * s[inside] / length
            least = min(least, (line - top).min() + HEAD.head)
        out.append(least)
    return np.array(out)
