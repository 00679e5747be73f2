"""What sets groups of documents apart, and how sure that is."""

__all__ = [
    "arithmetic",
    "calibration",
    "collocations",
    "confounding",
    "correspondence",
    "distances",
    "indicators",
    "keyness",
    "milestones",
    "multiverse",
    "network",
    "questions",
    "shifts",
    "systems",
    "targets",
]
