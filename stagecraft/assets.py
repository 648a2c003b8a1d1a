"""Where the data files are: `stagecraft/_assets` when installed, `assets/` in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Folder of data files called `name` ("catalogue", "rules", "drawing", "fonts", "people", "starter")."""
    for root in (_HERE / "_assets", _HERE.parent / "assets"):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"stagecraft's own data folder '{name}' is missing: the installation is damaged")
