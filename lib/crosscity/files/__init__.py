"""Files written whole, folders locked, CSV and YAML that are safe to open, pages of HTML; what make asks before it decides."""

from .atomic import put_in_place, whole_folder, write_if_changed, write_text, write_whole
from .html import FONT_FILE, environment, font_face
from .locks import end_with_parent, hold, told
from .safe_csv import defused, frame_text, restored, rows_text
from .safe_yaml import parse_yaml
from .stamps import RUNTIME, step

__all__ = [
    "FONT_FILE",
    "RUNTIME",
    "defused",
    "end_with_parent",
    "environment",
    "font_face",
    "frame_text",
    "hold",
    "html",
    "parse_yaml",
    "put_in_place",
    "restored",
    "rows_text",
    "step",
    "told",
    "whole_folder",
    "write_if_changed",
    "write_text",
    "write_whole",
]
