"""What events can be counted by."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What events are counted by: a period of their first day, or a property."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    TYPE = "type"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    DATASET = "dataset"
    VERIFICATION = "verification"
    PRECISION = "precision"


PERIODS = (By.DAY, By.WEEK, By.MONTH, By.YEAR)
MOST_COUNTS = 50_000
"""Rows of an answer."""


class TooManyCounts(ValueError):
    """More rows than an answer holds; the message is a sentence for who asked."""
