"""Memory is given back after what takes long, and only then."""

import pytest
from crosscity.files import free_memory_given_back, memory


@pytest.fixture
def given_back(monkeypatch):
    """How often the C library was asked."""
    asked = []
    library = type("Library", (), {"malloc_trim": lambda _, pad: asked.append(pad)})
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: library())
    monkeypatch.setattr(memory.sys, "platform", "linux")
    return asked


@pytest.mark.parametrize(("seconds", "asked"), [(0.5, []), (1.5, [0])])
def test_what_takes_long_gives_back(given_back, monkeypatch, seconds, asked):
    clock = iter([100.0, 100.0 + seconds])
    monkeypatch.setattr(memory.time, "monotonic", lambda: next(clock))
    with free_memory_given_back():
        pass
    assert given_back == asked


def test_another_c_library_is_no_error(monkeypatch):
    clock = iter([0.0, 9.0])
    monkeypatch.setattr(memory.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    monkeypatch.setattr(memory.sys, "platform", "linux")
    with pytest.raises(KeyError), free_memory_given_back():
        raise KeyError
