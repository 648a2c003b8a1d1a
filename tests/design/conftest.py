import shutil
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def _copy(name, folder):
    return Path(shutil.copytree(EXAMPLES / name, folder / name)) / "venue.yaml"


@pytest.fixture
def lecture(tmp_path):
    """A copy of the raked lecture theatre."""
    return _copy("lecture-raked", tmp_path)


@pytest.fixture
def keynote(tmp_path):
    """A copy of the keynote."""
    return _copy("keynote-500", tmp_path)
