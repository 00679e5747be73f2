"""Whether a changed file does more than fail: small files of every format, changed at random, put to their readers.

    python bench/fuzz.py [N] [SEED] [SUFFIX ...]      1,000 a format and seed 1 if left out

Each is read as a build reads it, under limits of 10 s and 1,000 MB, and what was read is cleaned. Printed are, by
format, how many were read, left out, refused, were beyond the limits, or broke their reader, and what came out that is
no message: a failure. A failure's file is kept in fuzz-failures/. An old Word document, which LibreOffice takes seconds
to read, is only among them if .doc is named, as in `python bench/fuzz.py 40 1 .doc`.
"""

import collections
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crosscity import CrosscityError
from crosscity.documents import clean, read_sources
from crosscity.documents.formats import UnreadableError
from crosscity.documents.limits import Limits, OverLimitsError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

LIMITS = Limits(seconds=10, memory=1000)


def outcome(path, data):
    """What becomes of a file, in a word, and the seconds that it took."""
    begun = time.monotonic()
    try:
        for source in read_sources(path, {}, data, LIMITS):
            clean(source.text)
        said = "read"
    except OverLimitsError as error:
        said = "over limits" if str(path) in str(error) else "not named"
    except UnreadableError as error:
        said = "broke its reader" if "breaks the program" in str(error) else "left out"
        said = said if str(path) in str(error) else "not named"
    except CrosscityError as error:
        said = "refused" if str(path) in str(error) else "not named"
    except Exception as error:
        said = f"failure: {type(error).__name__}: {str(error)[:80]}"
    return said, time.monotonic() - begun


def old_word(document):
    """A .docx as a .doc, by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.docx").write_bytes(document)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", folder, f"{folder}/x.docx"]
        subprocess.run(command, check=True, capture_output=True)
        return (Path(folder) / "x.doc").read_bytes()


def main(n=1000, seed=1, *suffixes):
    """Read n changed files of each format; print what was found."""
    from tests.helpers.mutated import mutant, seeds

    failures, files = 0, seeds()
    if ".doc" in suffixes:
        files[".doc"] = old_word(files[".docx"])
    for kind, data in files.items():
        suffix = kind.split()[0]
        if suffixes and suffix not in suffixes:
            continue
        told, longest, rng = collections.Counter(), 0.0, random.Random(f"{seed} {kind}")
        for _ in range(int(n)):
            changed = mutant(data, rng)
            said, took = outcome(Path(f"x{suffix}"), changed)
            told[said] += 1
            longest = max(longest, took)
            if said.startswith(("failure", "not named")):
                failures += 1
                Path("fuzz-failures").mkdir(exist_ok=True)
                Path(f"fuzz-failures/{failures}{suffix}").write_bytes(changed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"{kind:20} {dict(told.most_common())}; the longest {longest:.1f} s; {peak:,.0f} MB here", flush=True)
    print(f"{failures} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
