"""What goes wrong for a reason that a user can mend."""


class CrosscityError(Exception):
    """An error to show without a traceback: it names the file or parameter and says what to do."""


def several(problems):
    """One error for all problems found, so that a user mends them in one go.

    Parameters
    ----------
    problems : list of str
        One sentence each; must not be empty.
    """
    if len(problems) == 1:
        return CrosscityError(problems[0])
    listed = "\n".join(f"  - {p}" for p in problems)
    return CrosscityError(f"{len(problems)} problems:\n{listed}")
