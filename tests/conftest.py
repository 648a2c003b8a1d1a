"""Switches of the test suite: `--renew` rewrites the outputs of the examples, STAGECRAFT_REQUIRE forbids skips."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

REQUIRED = frozenset(filter(None, os.environ.get("STAGECRAFT_REQUIRE", "").replace(" ", "").split(",")))
"""Marks whose tests must run: a skip of one is a failure (`STAGECRAFT_REQUIRE=gl,gdal`)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew",
        action="store_true",
        help="write the outputs that stand beside each example anew instead of comparing them (tests/examples)",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    marks = sorted(REQUIRED.intersection(mark.name for mark in item.iter_markers()))
    if report.skipped and marks and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but STAGECRAFT_REQUIRE asks for '{', '.join(marks)}': {reason}"
    return report
