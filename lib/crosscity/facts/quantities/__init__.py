"""Quantities, from a number as written to its value, unit, item, kind, scope and year."""
