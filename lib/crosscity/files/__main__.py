"""What make calls: `python -m crosscity.files lock [--wait] FOLDER COMMAND ...` or `... scan STATE [REPORTS]`.

Standard library alone, since make asks before there is an environment.
"""

import sys

from . import locks, stamps

if __name__ == "__main__":
    {"lock": locks.main, "scan": stamps.main}[sys.argv[1]](sys.argv[2:])
