"""Quantities: from a number as written to its value, unit, item, kind, scope and year."""

from .extraction import COLUMNS, quantities
from .numerals import HALF_WIDTH, POWERS, small_number

__all__ = ["COLUMNS", "HALF_WIDTH", "POWERS", "quantities", "small_number"]
