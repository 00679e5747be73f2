"""Every figure is drawn in the style of the library, and a warning is an error."""

import warnings

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.figures.style import use_style


@pytest.fixture(autouse=True)
def style():
    use_style()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*deprecated", DeprecationWarning)  # an old matplotlib's, of what it uses
        yield
    plt.close("all")
