"""One small venue drawn by hand, for the tests of the writers."""

from __future__ import annotations

from stagecraft.drawing.marks import (
    Arc,
    Book,
    Circle,
    Dimension,
    Drawing,
    Fill,
    Insert,
    Leader,
    Line,
    Placed,
    Sheet,
    Style,
    Symbol,
    Text,
)  # fmt: skip

CHAIR = Symbol(
    "SEAT-fur.chair",
    (Line(Style("seating"), ((-225.0, -225.0), (225.0, -225.0), (225.0, 225.0), (-225.0, 225.0)), True),),
    (("SEAT", (0.0, 0.0), 130.0),),
)
DIMS = Style("dims", "dims")


def box(x0: float, y0: float, x1: float, y1: float) -> tuple[tuple[float, float], ...]:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def chair(k: int) -> Insert:
    values = (("ID", f"C/1/{k}"), ("ROW", "Ä"), ("SEAT", str(k)), ("OWNER", "«Müller» 席 ^%%d"))
    return Insert(Style("seating"), CHAIR.name, (500.0 * k, 1000.0), 15.0 * k, values, ("SEAT",))


def plan(units: str = "m", scale: float = 50.0) -> Drawing:
    """Wall with hatch, an apron of 2 m radius, a column, 6 chairs, three dimensions and texts."""
    marks = (
        Text(Style("note"), (2000.0, 3000.0), "Bühne Σκηνή Сцена", 3.5, 0.0, "centre", "middle", True),
        Text(Style("note"), (0.0, 4500.0), "two\nlines {of} \\text", 2.5),
        Fill(Style("wall", "pattern"), (box(-200, -200, 4200, 5200), box(0, 0, 4000, 5000))),
        Line(Style("wall", "cut"), box(-200, -200, 4200, 5200), True),
        Line(Style("stage"), ((0.0, 3500.0), (4000.0, 3500.0)), bulges=(1.0,)),
        Line(Style("truss", "overhead"), ((0.0, 4000.0), (4000.0, 4000.0))),
        Circle(Style("column"), (3000.0, 500.0), 150.0),
        Arc(Style("door"), (0.0, 200.0), 900.0, 0.0, 90.0),
        Leader(Style("note"), ((3000.0, 650.0), (3500.0, 800.0), (3700.0, 800.0))),
        *(chair(k) for k in range(1, 7)),
        Dimension(DIMS, (0.0, 0.0), (4000.0, 0.0), (0.0, -600.0), (2000.0, -540.0)),
        Dimension(DIMS, (0.0, 0.0), (0.0, 4999.6), (-600.0, 0.0), (-660.0, 2500.0), 90.0),
        Dimension(DIMS, (0.0, 0.0), (3000.0, 4000.0), (-300.0, 0.0), (1260.0, 2080.0), 53.13010235415598),
    )  # fmt: skip
    return Drawing("plan", marks, {CHAIR.name: CHAIR}, ((-900.0, -900.0), (4400.0, 5400.0)), scale, "Plan", units)


def section(scale: float = 20.0) -> Drawing:
    marks = (
        Line(Style("stage", "cut"), box(0, 0, 2000, 800), True),
        Dimension(DIMS, (2000.0, 0.0), (2000.0, 800.0), (2200.0, 0.0), (2150.0, 400.0), 90.0),
    )
    return Drawing("section", marks, {}, ((-100.0, -100.0), (2300.0, 900.0)), scale, "Section A–A")


def book() -> Book:
    one, two = plan(), section()
    views = (
        Placed(one, (70.0, 40.0), (0.0, 0.0), 50.0, ((40.0, 20.0), (180.0, 160.0))),
        Placed(two, (250.0, 60.0), (0.0, 0.0), 20.0, ((230.0, 50.0), (400.0, 120.0))),
    )
    marks = (Line(Style("frame"), box(20, 10, 410, 287), True), Text(Style("title"), (300.0, 20.0), "SHEET 101", 5.0))
    sheet = Sheet("101", "General arrangement", (420.0, 297.0), views, marks)
    return Book("Aurora", (sheet, Sheet("102", "Empty / sheet", (594.0, 420.0), (), marks)), "A. Designer")
