"""One style for every figure, and a module for each kind of thing that is drawn."""

__all__ = ["basic", "comparison", "facts", "indicators", "maps", "robustness", "style", "targets", "topics"]
