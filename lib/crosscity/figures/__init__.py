"""Figures: one style for all, and a module for each kind of thing that is drawn.

Every function takes a table and returns a figure; nothing is computed here but where things stand. `style` sets the
look and saves a figure, `basic` has the charts that several notebooks share, `text` measures and fits what is written.
"""

__all__ = [
    "basic",
    "comparison",
    "diffusion",
    "facts",
    "indicators",
    "instruments",
    "maps",
    "matrix",
    "promises",
    "robustness",
    "style",
    "targets",
    "timeline",
    "topics",
]
