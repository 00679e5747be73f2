"""How the time of a reader grows with the length of its text: held against itself in the same run, never a clock."""

import time


def cost(read, text, tries=3):
    """The least processor time of some tries, in seconds."""
    spent = []
    for _ in range(tries):
        start = time.process_time()
        read(text)
        spent.append(time.process_time() - start)
    return min(spent)


def grows_with_the_length(read, piece, length=2_000, times=8):
    """Whether a text so many times as long takes about as many times as long; by its square it would be times as many.

    Noise is given room half way between the two on a scale of ratios; what takes under 2 ms is taken for 2 ms.
    """
    text = piece * max(1, length // len(piece))
    read(text)
    return cost(read, text * times, 2) < times**1.5 * max(cost(read, text), 0.002)
