"""Comparing groups of documents (cities, years, provinces): their words, their numbers, and what they say on questions.

Words: `keyness`, `shifts`, `collocations`, `network`; `adjusted` compares words, themes and stances of groups that
`matching` made alike, and `baselines` has the words of large corpora.
Groups as wholes: `distances`, `correspondence`, `milestones`.
Numbers: `indicators`, `targets`, `arithmetic`. Answers to questions: `questions`, `answers`, `stances`, `programmes`.
The same thing in several documents: `instruments`, `counterparts`.
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
    "distances",
    "indicators",
    "instruments",
    "keyness",
    "matching",
    "milestones",
    "multiverse",
    "network",
    "programmes",
    "questions",
    "shifts",
    "stances",
    "statements",
    "targets",
]
