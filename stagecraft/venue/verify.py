"""What one value alone cannot tell: names that must exist, ids that must differ, rings."""

from __future__ import annotations

from pathlib import Path

from stagecraft import catalogue as catalogues
from stagecraft.errors import Problem, VenueError
from stagecraft.venue.document import Loc, Venue, nearest, patched


def verified(venue: Venue) -> list[Problem]:
    """Every problem between the parts of a venue; empty when there is none."""
    out: list[Problem] = []

    def wrong(loc: Loc, path: str, message: str) -> None:
        file, line, column = venue._source.place(loc)
        out.append(Problem(message, path, file, line, column))

    ids: dict[str, int] = {}
    for n, element in enumerate(venue.elements):
        for name in (element.id, f"{element.id}_mirror" if element.mirror is True else ""):
            if name and name in ids:
                first = venue._source.place(("elements", ids[name], "id"))[1]
                at = f", in line {first}" if first else ""
                wrong(("elements", n, "id"), f"{element.id}.id", f"the id '{name}' is used twice{at}: ids must differ")
            elif name:
                ids[name] = n
    known = list(ids)
    for n, element in enumerate(venue.elements):
        for field, ref in element.named():
            if ref == element.id:
                wrong(_at(n, field), f"{element.id}.{field}", f"'{ref}' is the element itself")
            elif ref not in ids:
                wrong(_at(n, field), f"{element.id}.{field}", f"no element is called '{ref}'{nearest(ref, known)}")
        if element.on and element.hung:
            wrong(_at(n, "hung"), f"{element.id}.hung", "an element either stands on something or hangs from something")
        for field in ("like", "mirror"):
            ref = getattr(element, field)
            if isinstance(ref, str) and ref not in ids:
                wrong(_at(n, field), f"{element.id}.{field}", f"no element is called '{ref}'{nearest(ref, known)}")
        for setup in (element.setup,) if isinstance(element.setup, str) else element.setup or ():
            if setup not in venue.setups:
                hint = nearest(setup, list(venue.setups)) or f"; known: {', '.join(venue.setups) or 'none'}"
                wrong(_at(n, "setup"), f"{element.id}.setup", f"no set-up is called '{setup}'{hint}")
    if not out:
        out += _rings(venue)
    out += _codes(venue)
    for kind, states in (("setups", venue.setups), ("cues", venue.cues)):
        for name, state in states.items():
            of = getattr(state, "setup", None)
            if of is not None and of not in venue.setups:
                wrong((kind, name, "setup"), f"{kind}.{name}.setup",
                      f"no set-up is called '{of}'{nearest(of, list(venue.setups))}")  # fmt: skip
            for id, fields in state.set.items():
                path = f"{kind}.{name}.set.{id}"
                if id not in {e.id for e in venue.elements}:
                    wrong((kind, name, "set", id), path, f"no element is called '{id}'{nearest(id, known)}")
                    continue
                patched(venue[id], fields, venue._source, (kind, name, "set", id), out)
    for name, screens in venue.feeds.items():
        for n, ref in enumerate(screens):
            if ref not in ids:
                wrong(("feeds", name, n), f"feeds.{name}", f"no element is called '{ref}'{nearest(ref, known)}")
    for n, ref in enumerate(venue.numbering.continuous_across):
        if ref not in ids:
            wrong(("numbering", "continuous_across", n), "numbering.continuous_across",
                  f"no element is called '{ref}'{nearest(ref, known)}")  # fmt: skip
    return sorted(out, key=lambda p: (p.file, p.line, p.column))


def _at(n: int, field: str) -> Loc:
    return ("elements", n, *field.split("."))


def catalogue_of(venue: Venue) -> catalogues.Catalogue:
    """Stagecraft's catalogue with the venue's own rows."""
    folder = venue._source.folder or Path()
    return catalogues.load(folder / name for name in venue.catalogue)


def _codes(venue: Venue) -> list[Problem]:
    try:
        catalogue = catalogue_of(venue)
    except VenueError as error:
        return list(error.problems)
    out = []
    for n, element in enumerate(venue.elements):
        for field in element.codes():
            code = getattr(element, field)
            if isinstance(code, str) and catalogue.get(code) is None:
                near = catalogue.nearest(code)
                hint = f"; nearest: {', '.join(near)}" if near else "; 'stagecraft catalogue WORD' searches it"
                file, line, column = venue._source.place(("elements", n, field))
                out.append(
                    Problem(f"the catalogue has no item '{code}'{hint}", f"{element.id}.{field}", file, line, column)
                )
    return out


def _rings(venue: Venue) -> list[Problem]:
    """Elements that need one another before they can stand."""
    needs = {
        e.id: [ref for _, ref in e.named()] + [m for m in (e.mirror,) if isinstance(m, str)] for e in venue.elements
    }
    needs |= {f"{e.id}_mirror": [e.id] for e in venue.elements if e.mirror is True}
    inherits = {e.id: [e.like] if e.like else [] for e in venue.elements}
    out = []
    for graph in (needs, inherits):
        done: set[str] = set()
        for start in graph:
            trail: list[str] = []

            def visit(
                id: str, trail: list[str], graph: dict[str, list[str]] = graph, done: set[str] = done
            ) -> list[str]:
                if id in trail:
                    return [*trail[trail.index(id) :], id]
                if id in done:
                    return []
                done.add(id)
                for ref in graph.get(id, []):
                    if ring := visit(ref, [*trail, id]):
                        return ring
                return []

            if ring := visit(start, trail):
                n = next((k for k, e in enumerate(venue.elements) if e.id == ring[0]), 0)
                file, line, column = venue._source.place(("elements", n))
                out.append(Problem(f"needs itself: {' → '.join(ring)}", ring[0], file, line, column))
                break
    return out
