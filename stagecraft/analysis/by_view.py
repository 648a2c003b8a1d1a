"""What a house says of seats by what they see: categories, holds and kills, once the views are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from stagecraft.analysis.restricted import restricted
from stagecraft.analysis.views import Views
from stagecraft.scene import Scene, SeatRow


def by_view(scene: Scene, views: Views, bands: Mapping[str, float]) -> Scene:
    """The scene with what its `view_rules` say of each seat; later ones win.

    bands : least share of each band of view, by its name

    Heads in front do not count: what is said of one seat changes no other's view past fixed things. Why a seat is held or
    killed goes on with what is in the way: `no view: column K1, left of LED wall`. Killed seats stay what they are.
    """
    if not scene.view_rules:
        return scene
    seen = restricted(scene, views, bands)
    seats = scene.seats
    fields = {name: getattr(seats, name).astype(object) for name in ("category", "status", "reason", "owner")}
    price = seats.price.copy()
    for rule in scene.view_rules:
        at = np.flatnonzero(np.isin(seen.band, rule.bands) & np.isin(seats.ids, rule.ids))
        if rule.category is not None:
            fields["category"][at], price[at] = rule.category, rule.price
        if rule.status:
            fields["status"][at], fields["owner"][at] = rule.status, rule.owner
            fields["reason"][at] = [f"{rule.reason}: {why}" if why else rule.reason for why in seen.by[at].tolist()]
    rows, start = [], 0
    for row in scene.seat_rows:
        stands = row.stands
        end = start + int(stands.sum())
        new = {name: getattr(row, name).astype(object) for name in fields}
        for name, values in fields.items():
            new[name][stands] = values[start:end]
        prices = row.price.copy()
        prices[stands] = price[start:end]
        rows.append(replace(row, **{name: values.astype(np.str_) for name, values in new.items()}, price=prices))
        start = end
    said = iter(rows)
    records = tuple(next(said) if isinstance(record, SeatRow) else record for record in scene.records)
    return replace(scene, records=records, view_rules=())
