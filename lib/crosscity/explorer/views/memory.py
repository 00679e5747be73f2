"""What is chosen in the views, in a small file, so that it is still chosen when the kernel starts again."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from traitlets import TraitError

from ...files import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import ipywidgets as w

_MOST = 1_000_000  # bytes that such a file has at the very most


class Memory:
    """The values of controls, kept in a file.

    Parameters
    ----------
    path : Path
        Of the JSON file.
    controls : dict of str to dict
        Controls by their names, by view.
    """

    def __init__(self, path: Path, controls: Mapping[str, Mapping[str, w.Widget]]) -> None:
        self._path, self._controls = path, controls

    def save(self) -> None:
        """Write the values; where that is not allowed, they are forgotten."""
        values = {view: {n: box.value for n, box in boxes.items()} for view, boxes in self._controls.items()}
        with contextlib.suppress(OSError):
            text = json.dumps(values, ensure_ascii=False, indent=1) + "\n"
            write_text(self._path, text, "backslashreplace")  # half a character is kept as JSON writes it

    def restore_into(self, view: str) -> None:
        """Set the values of one view that were written; one that a control cannot have now is passed over."""
        known = self._read().get(view)
        if not isinstance(known, dict):
            return
        for name, box in self._controls[view].items():
            if name in known:
                _set(box, known[name])

    def _read(self) -> dict[str, Any]:
        try:
            if self._path.stat().st_size > _MOST:
                return {}
            values = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}


def _set(box: w.Widget, value: Any) -> None:
    with contextlib.suppress(TraitError, TypeError, ValueError, KeyError):
        if isinstance(box.value, tuple):  # a list of several: those that are still there
            known = {v for _, v in box._options_full}
            box.value = tuple(v for v in value if v in known)
        elif type(value) is type(box.value):
            box.value = value
