"""Checks: one file each, listed in contents.py; `check` runs them, `explain` says what they look for."""

from __future__ import annotations

from stagecraft.checks.contents import CHECKS
from stagecraft.checks.explain import explain, rules_of, sets
from stagecraft.checks.run import check

__all__ = ["CHECKS", "check", "explain", "rules_of", "sets"]
