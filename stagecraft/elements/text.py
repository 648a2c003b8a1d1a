"""Text: a note on the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from stagecraft.elements._base import Element, Site
from stagecraft.scene import Note, Record


class TextNote(Element):
    """Words on the drawings, at a place."""

    type: Literal["text"] = "text"
    text: Annotated[str, Field(min_length=1, max_length=500)]
    """What it says."""

    def build(self, site: Site) -> Iterator[Record]:
        yield Note(self.id, self.text, np.zeros(3))
