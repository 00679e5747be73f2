"""What make calls: `python -m crosscity.files`, then

    lock [--wait] FOLDER COMMAND ...    lock a folder while a command runs
    scan STATE [REPORTS]                mark what is stale
    begin FOLDER                        remove all that was made in a folder, which has to be empty then
    clean STATES FOLDER                 remove what was built into a folder

Standard library alone, since make asks before there is an environment.
"""

import sys

from . import locks, outputs, stamps
from .console import restart_in_utf8

if __name__ == "__main__":
    restart_in_utf8()
    commands = {"begin": outputs.begin_anew, "clean": outputs.main, "lock": locks.main, "scan": stamps.main}
    commands[sys.argv[1]](sys.argv[2:])
