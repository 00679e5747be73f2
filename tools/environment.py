"""Install what requirements.lock names, and nothing else, without resolving anything.

    python tools/environment.py new      a new one, beside the one that .venv is, which it replaces once it is complete
    python tools/environment.py here     the lock into the environment of this Python, such as one of conda's
    python tools/environment.py check    whether .venv still is what was installed; says what is wrong, with status 1

The lock is complete, so pip and uv are told to install without dependencies: where they look for them, a release that
came after the lock may get in, or stop them. What is installed is then checked against the lock, and against what every
package says it needs.

.venv is a link to a folder of .make/environment: paths within an environment name the folder that it was made in, so it
cannot be made in one place and moved to another, and a link is exchanged in a moment.

Standard library alone: nothing is installed yet when this runs.
"""

import argparse
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LINK, ENVIRONMENTS, MARK, LOG = ".venv", ".make/environment", ".ready", "install.log"
LOCK = "requirements.lock"
FIRST = ("setuptools",)  # what source packages and the project itself are built with
BROUGHT = {"pip", "setuptools", "wheel"}  # what an environment may have from the start
WAYS = {
    errno.ENOSPC: "make room on the disk, and do the same again",
    errno.EACCES: "let this user write there, or copy the suite into a folder of your own",
    errno.EROFS: "copy the suite into a folder that can be written",
    errno.EMFILE: "let this user open more files (ulimit -n 1024)",
    errno.EAGAIN: "let this user start more processes (ulimit -u)",
    errno.ENOMEM: "close other programs, or take a machine that has more memory",
}
FLAGS = ["--no-deps", "--no-build-isolation"]
UNREACHABLE = re.compile(
    r"name resolution|NewConnectionError|NameResolutionError|dns error|network is unreachable|timed out|tcp connect"
    r"|connection (?:refused|reset|error)|error sending request|ProxyError|Could not connect|from versions: none",
    re.IGNORECASE,
)


class InstallError(Exception):
    """What went wrong, in a line that says what to do."""


def locked(root):
    """The requirements of the lock, by line and without their hashes."""
    text = (root / LOCK).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (re.sub(r"\s--hash=\S+", "", line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def digest(root):
    return hashlib.sha256((root / LOCK).read_bytes()).hexdigest()


# Is it still what was installed?


def find_problem(root, python=None):
    """What is wrong with the environment behind .venv, in a line; None if nothing is.

    `python` is the kind of Python that it has now; left out, that Python is started and asked.
    """
    here = root / LINK
    if not os.path.lexists(here):
        return "there is none yet"
    try:
        mark = json.loads((here / MARK).read_text(encoding="utf-8"))
        home, lock, made_with, there = (mark[key] for key in ("root", "lock", "python", "there"))
    except (OSError, ValueError, LookupError, TypeError):
        return "the one in .venv is incomplete"
    if home != str(root):
        return "this folder was moved or copied since it was made"
    if lock != digest(root):
        return f"{LOCK} has changed"
    for place, names in there.items():
        try:
            gone = set(names) - {path.name for path in (here / place).iterdir()}
        except OSError:
            gone = {place}
        if gone:
            return f"{min(gone)} is missing from the one in .venv"
    if not python:
        asked = [
            here / "bin" / "python",
            "-X",
            "utf8",
            "-I",
            "-S",
            "-c",
            "import sys; print(sys.implementation.cache_tag)",
        ]
        try:
            python = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return "the Python that it was made with does not start any more"
    return None if python == made_with else "the Python that it was made with is another version now"


# Is it what was locked? Asked of the environment's own Python.


def audit(root, alone):
    """Differences from the lock, a line each, and how many packages it has; `alone`: nothing else may be installed."""
    import tomllib
    from importlib.metadata import distributions

    try:
        from packaging.requirements import InvalidRequirement, Requirement
        from packaging.utils import canonicalize_name
    except ImportError:  # a lock without it
        from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
        from pip._vendor.packaging.utils import canonicalize_name

    project = canonicalize_name(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"])
    found = {}
    for one in distributions():
        if one.metadata["Name"]:
            found.setdefault(canonicalize_name(one.metadata["Name"]), []).append(one)
    wanted = {}
    for line in locked(root):
        asked = Requirement(line)
        if not asked.marker or asked.marker.evaluate():
            wanted[canonicalize_name(asked.name)] = asked
    problems = []
    for name, asked in sorted(wanted.items()):
        versions = sorted(one.version for one in found.get(name, []))
        if len(versions) != 1 or not asked.specifier.contains(versions[0], prereleases=True):
            problems.append(f"{name}: the lock has {asked.specifier}, installed is {' and '.join(versions) or 'none'}")
    if project not in found:
        problems.append(f"{project}: not installed")
    if alone:
        more = sorted(set(found) - set(wanted) - BROUGHT - {project})
        problems += [f"{name}: installed is {found[name][0].version}, the lock does not have it" for name in more]
    todo, seen = [(name, "") for name in [project, *wanted]], set()
    while todo:
        name, extra = todo.pop()
        if name not in found or (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in found[name][0].requires or []:
            try:
                needs = Requirement(line)
            except InvalidRequirement:
                continue
            if needs.marker and not needs.marker.evaluate({"extra": extra}):
                continue
            there = canonicalize_name(needs.name)
            if there not in found:
                problems.append(f"{name}: needs {needs.name}{needs.specifier}, which the lock does not have")
            elif not needs.specifier.contains(found[there][0].version, prereleases=True):
                problems.append(f"{name}: needs {needs.name}{needs.specifier}, installed is {found[there][0].version}")
            todo += [(there, one) for one in sorted(needs.extras)]
    return problems, len(wanted)


def print_audit(root, alone):
    """Print the problems that `audit` finds, and the top-level files that there are, as a line of JSON."""
    import sysconfig

    problems, number = audit(root, alone)
    there = {}
    for place in {sysconfig.get_path(kind) for kind in ("purelib", "platlib", "scripts")}:
        # pip may be renewed; what Python writes by itself may be removed.
        names = {path.name for path in Path(place).iterdir() if not path.name.startswith(("pip", "__pycache__"))}
        there[os.path.relpath(place, sys.prefix)] = sorted(names)
    said = {"problems": problems, "number": number, "python": sys.implementation.cache_tag, "there": there}
    print(json.dumps(said))


# Installing


class Installer:
    """pip or uv, whose output goes to a file."""

    def __init__(self, name, root, log):
        self.name, self.root, self.log = name, root, log
        # Neither the project's own modules nor another active environment may have a say.
        self.settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
        self.settings |= {"UV_PYTHON_DOWNLOADS": "never", "PYTHONUTF8": "1"}

    def run(self, *command):
        with self.log.open("ab") as kept:
            kept.write(f"$ {' '.join(map(str, command))}\n".encode())
            kept.flush()
            start = kept.tell()
            streams = {"stdin": subprocess.DEVNULL, "stdout": kept, "stderr": kept}
            try:
                done = subprocess.run(command, cwd=self.root, env=self.settings, check=False, **streams)
            except OSError as error:
                msg = f"{command[0]} does not start: {error.strerror}"
                raise InstallError(msg) from None
        if done.returncode:
            said = self.log.read_bytes()[start:].decode("utf-8", "replace")
            msg = f"{self.name} failed: {_last(said)}; {_advice(said)}. Its output is in {self.log}"
            raise InstallError(msg)

    def create(self, base, folder):
        if self.name == "uv":
            self.run("uv", "venv", "--quiet", "--python", base, folder)
        else:
            self.run(base, "-I", "-m", "venv", folder)

    def install(self, python):
        """Install what packages are built with, then the lock, then the project itself."""
        if self.name == "uv":
            command = ["uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *FLAGS]
        else:
            command = [python, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *FLAGS]
            command.append("--use-pep517")
        blocks = re.split(r"\n(?=[^\s#])", (self.root / LOCK).read_text(encoding="utf-8"))
        early = [block for block in blocks if block.partition("==")[0] in FIRST]
        if early:
            build = self.log.with_name("build.lock")
            build.write_text("\n".join(early) + "\n", encoding="utf-8")
            self.run(*command, "--require-hashes", "-r", build)
        self.run(*command, "--require-hashes", "-r", LOCK)
        self.run(*command, "--editable", ".")

    def audit(self, python, alone):
        """What the environment's own Python finds installed; an error if that is not what the lock has."""
        command = [
            python,
            "-X",
            "utf8",
            "-I",
            __file__,
            "audit",
            "--project",
            self.root,
            *(["--alone"] if alone else []),
        ]
        done = subprocess.run(
            command, env=self.settings, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        if done.returncode:
            msg = f"what was installed cannot be checked: {_last(done.stderr)}"
            raise InstallError(msg)
        seen = json.loads(done.stdout)
        if seen["problems"]:
            first, *more = seen["problems"]
            self.log.write_text("\n".join(seen["problems"]) + "\n", encoding="utf-8")
            others = f" (and {len(more)} more, in {self.log})" if more else ""
            msg = f"what was installed is not what was locked: {first}{others}"
            raise InstallError(msg)
        return seen


def _last(said):
    """The line of an installer's output that says why it failed: the last error, else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no output"]
    errors = [number for number, line in enumerate(lines) if re.match(r"(?i)error\b|[a-z.]*Error:|× |╰", line)]
    number = errors[-1] if errors else len(lines) - 1
    line = " ".join(lines[number:][:2]) if lines[number].endswith(":") else lines[number]
    return re.sub("^(ERROR|error): ", "", line).rstrip(".")


def _advice(said):
    if UNREACHABLE.search(said):
        return "no index of packages answers: connect to a network or name another index, then do the same again"
    if re.search(r"ensurepip", said):
        return "this Python cannot make environments: install what it lacks for that (Debian: python3-venv), or uv"
    if re.search(r"(?i)hash(es)? .*mismatch|do not match the hashes", said):
        return "the index gave other files than were locked: use another index"
    if re.search(r"No space left", said):
        return "make room on the disk, and do the same again"
    return "mend that, and do the same again"


def create(root, names):
    """Make a new environment, which takes the place of the former one once it is complete."""
    why = find_problem(root)
    if not why:
        return
    kept = root / ENVIRONMENTS
    kept.mkdir(parents=True, exist_ok=True)
    _tidy(root)
    base = getattr(sys, "_base_executable", "") or sys.executable
    number = sys.version.split()[0]
    print(f"environment: {why}: installing {LOCK} for Python {number} (some minutes, once)", flush=True)
    log = kept / LOG
    log.write_bytes(b"")
    for name in names:
        folder = _free(kept)
        try:
            installer = Installer(name, root, log)
            installer.create(base, folder)
            python = folder / "bin" / "python"
            installer.install(python)
            seen = installer.audit(python, alone=True)
            mark = {"root": str(root), "lock": digest(root), "python": seen["python"], "there": seen["there"]}
            _write_synced(folder / MARK, json.dumps(mark))
            break
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if not isinstance(error, InstallError) or name == names[-1]:
                raise
            print(f"environment: {error}\nenvironment: trying {names[-1]}", file=sys.stderr, flush=True)
    _exchange(root, folder)
    _tidy(root)
    print(f"environment: {seen['number']} packages, each as locked, installed by {name}: .venv", flush=True)


def _free(kept):
    number = 1
    while os.path.lexists(kept / str(number)):
        number += 1
    return kept / str(number)


def _write_synced(path, text):
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _exchange(root, folder):
    """Point .venv at the folder, atomically; a folder of that name, as former versions made it, is moved away first."""
    link, new = root / LINK, root / ENVIRONMENTS / "link"
    new.unlink(missing_ok=True)
    new.symlink_to(Path(ENVIRONMENTS) / folder.name, target_is_directory=True)
    if link.is_dir() and not link.is_symlink():
        link.rename(_free(root / ENVIRONMENTS))
    # The link is read from where it lies, which is where .venv will: relative, it goes with a folder that is moved.
    os.replace(new, link)


def _tidy(root):
    """Remove every environment but the one behind .venv: those replaced, and those a killed process left half-made."""
    now = os.path.realpath(root / LINK)
    for path in (root / ENVIRONMENTS).iterdir():
        if path.name.isdigit() and str(path) != now:
            shutil.rmtree(path, ignore_errors=True)


def into_this(root, names):
    """Install the lock into the environment of this Python, which may hold more than that."""
    if sys.prefix == sys.base_prefix and not (Path(sys.prefix) / "conda-meta").is_dir():
        msg = f"{sys.executable} is no environment's Python: activate the environment first"
        raise InstallError(msg)
    kept = root / ENVIRONMENTS
    kept.mkdir(parents=True, exist_ok=True)
    log = kept / LOG
    log.write_bytes(b"")
    print(f"environment: installing {LOCK} into {sys.prefix}, some minutes", flush=True)
    installer = Installer(names[-1], root, log)
    installer.install(Path(sys.executable))
    seen = installer.audit(Path(sys.executable), alone=False)
    print(f"environment: {seen['number']} packages, each as locked, installed by {installer.name}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["new", "here", "check", "audit"])
    parser.add_argument("--project", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--by", choices=["uv", "pip"], help="else uv where it is installed, then pip")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    root = Path(os.path.realpath(given.project))
    if given.what == "check":
        why = find_problem(root, sys.implementation.cache_tag)
        if why:
            sys.exit(f"environment: {why}")
        return
    if given.what == "audit":
        print_audit(root, given.alone)
        return
    names = [given.by] if given.by else ["uv", "pip"] if shutil.which("uv") else ["pip"]
    try:
        if given.what == "new":
            create(root, names)
        else:
            into_this(root, names)
    except InstallError as error:
        left = "; the former environment is as it was" if given.what == "new" and (root / LINK / MARK).exists() else ""
        sys.exit(f"error: {error}{left}")
    except OSError as error:
        way = WAYS.get(error.errno, "mend that, and do the same again")
        sys.exit(f"error: {error.strerror or error}: {error.filename or 'a temporary file'}: {way}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    # As crosscity.files.restart_in_utf8: names of folders are UTF-8, whatever the locale, or .venv is not found again.
    if not sys.flags.utf8_mode and "utf8" not in sys._xoptions:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    main()
