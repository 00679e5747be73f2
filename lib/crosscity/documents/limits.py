"""How much of a machine one file may take: its defaults, and what is said of a file that needs more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .formats import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

_WAY_OUT = "save its text alone, or leave it out"
_PATIENCE = 20  # times the processor time, by the clock: a machine may have other things to do


class OverLimitsError(UnreadableError):
    """A file that needs more than the limits: its text is not had, and the corpus does without it."""


class Limits(NamedTuple):
    """What reading one file may take.

    Attributes
    ----------
    seconds : int
        Of processor time, which a busy machine does not use up.
    memory : int
        Megabytes beyond what the reader itself holds.
    characters : int
        Of text that a file may give.
    """

    seconds: int = 60
    memory: int = 2000
    characters: int = 50_000_000

    @property
    def patience(self) -> int:
        """Seconds by the clock after which a reader that does not answer is ended."""
        return _PATIENCE * self.seconds

    def over_time(self, name: Path | str) -> OverLimitsError:
        """The error for a file that takes too long."""
        return OverLimitsError(
            f"{name} takes more than {self.seconds:,} s of processor time to read: {_WAY_OUT} (or raise read_seconds)"
        )

    def over_patience(self, name: Path | str) -> OverLimitsError:
        """The error for a file on which its reader waits for ever."""
        return OverLimitsError(f"{name} was not read within {self.patience:,} s: {_WAY_OUT}")

    def over_memory(self, name: Path | str, signal: str = "") -> OverLimitsError:
        """The error for a file that needs too much memory, or has ended its reader by a signal as such files do."""
        needs = f"needs more than {self.memory:,} MB of memory to read"
        if signal:
            needs = f"ended the program that reads it ({signal}), as one does that {needs}"
        return OverLimitsError(f"{name} {needs}: {_WAY_OUT} (or raise read_memory)")

    def over_characters(self, name: Path | str) -> OverLimitsError:
        """The error for a file that unpacks to too much text."""
        return OverLimitsError(f"{name} gives more than {self.characters:,} characters: save its parts as files")


LIMITS = Limits()
