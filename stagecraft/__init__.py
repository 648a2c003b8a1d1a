"""stagecraft: from one venue file to solids, sightlines, drawings, seat lists, kit schedules and pictures.

    import stagecraft as sc

    venue = sc.load("venue.yaml")
    scene = sc.build(venue)
    report = sc.check(scene, venue.rules)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stagecraft.api import *  # noqa: F403


def __getattr__(name: str) -> Any:
    """Names of the face are imported when they are first asked for (PEP 562)."""
    if name.startswith("_"):
        raise AttributeError(f"module 'stagecraft' has no attribute '{name}'")
    from importlib import import_module

    api = import_module("stagecraft.api")
    if name not in api.__all__:
        raise AttributeError(f"module 'stagecraft' has no attribute '{name}'")
    value = getattr(api, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from importlib import import_module

    return sorted([*globals(), *import_module("stagecraft.api").__all__])
