"""Pictures of comparisons: maps, trees, word shifts, networks, specification curves. As in `plots`, nothing is computed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from .figures import COLOURS, WIDTH
