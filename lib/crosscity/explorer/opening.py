"""The explorer of a study, which shows its controls in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .results import FirstAnswers
from .views import show

if TYPE_CHECKING:
    from ..study.study import Study


class ShownExplorer(FirstAnswers):
    """An explorer that, displayed in a notebook, shows its controls."""

    def _ipython_display_(self) -> None:
        """Show the controls, where somebody can use them."""
        show(self)


def explore(study: Study) -> ShownExplorer:
    """The explorer of a study: displayed in a notebook, it shows its controls; a method gives an answer.

    Parameters
    ----------
    study : study.study.Study
        Of `open_study`.

    Raises
    ------
    CrosscityError
        If no paragraph is of the kinds whose words count.
    """
    with study.own_settings():
        return ShownExplorer(study)
