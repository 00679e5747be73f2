"""The real corpora and the gold annotations that stand beside a checkout (../shared), if at all."""

import importlib.util

import pytest

from tests.conftest import SHARED


def shared(name):
    """A file or folder beside the checkout; the test is skipped where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} does not stand beside this checkout (../shared)")
    return path


def scores():
    """The module that scores tables against gold annotations."""
    spec = importlib.util.spec_from_file_location("score", shared("score/score.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
