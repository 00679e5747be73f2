"""Comparing groups of documents (cities, years, provinces): their words, their numbers, and what they say on questions.

Words: `keyness`, `shifts`, `collocations`, `network`; `adjusted` compares words, themes and stances of groups that
`matching` made alike, and `baselines` has the words of large corpora.
Groups as wholes: `distances`, `correspondence`, `milestones`.
Numbers: `indicators`, `targets`, `arithmetic`; and targets followed into the next report: `promises`, with `goals` and
`outcomes`. Answers to questions: `questions`, `answers`, `stances`, `programmes`.
The same thing in several documents: `instruments`, `counterparts`; from one level to the next: `take_up`, `diffusion`.
How far to believe a comparison: `confounding`, `calibration`, and `multiverse`, which checks `statements`.
"""

__all__ = [
    "adjusted",
    "answers",
    "arithmetic",
    "baselines",
    "calibration",
    "collocations",
    "confounding",
    "correspondence",
    "counterparts",
    "diffusion",
    "distances",
    "goals",
    "indicators",
    "instruments",
    "keyness",
    "matching",
    "milestones",
    "multiverse",
    "network",
    "outcomes",
    "programmes",
    "promises",
    "questions",
    "shifts",
    "stances",
    "statements",
    "take_up",
    "targets",
]
