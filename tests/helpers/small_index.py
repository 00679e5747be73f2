"""An invented index of packages in a folder, and a project with a lock, for tests of the environment.

The lock was made when beta 1.0 was the newest: it asks for alpha[toml], as pytest-cov asks for coverage[toml]. Since
then both had releases, and the new alpha's extra needs a package that no lock knows of.
"""

import base64
import hashlib
import os
import sys
import zipfile
from importlib.metadata import distribution, version

BACKEND = '''"""Builds the project as an editable package, with nothing but this file."""
import zipfile


def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "suite-0.1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        meta = "Metadata-Version: 2.1\\nName: suite\\nVersion: 0.1\\nRequires-Dist: beta>=1\\n"
        kind = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        files = {"suite.py": "", "suite-0.1.dist-info/METADATA": meta, "suite-0.1.dist-info/WHEEL": kind}
        for file, text in files.items():
            wheel.writestr(file, text)
        wheel.writestr("suite-0.1.dist-info/RECORD", "".join(f"{file},,\\n" for file in files))
    return name
'''
PYPROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "suite"
version = "0.1"
dependencies = ["beta>=1"]
"""


def wheel(folder, name, number, metadata=(), files=None):
    """A package of one module, or of given files by name, as a wheel; its name."""
    files = dict(files or {f"{name}.py": f"version = {number!r}\n".encode()})
    info = f"{name}-{number}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {number}", *metadata]
    files[f"{info}/METADATA"] = ("\n".join(lines) + "\n").encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = ""
    for file, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{file},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    file = f"{name}-{number}-py3-none-any.whl"
    with zipfile.ZipFile(folder / file, "w") as written:
        for inside, content in files.items():
            written.writestr(inside, content)
    return file


def build(folder):
    """The index, in a folder.

    Returns
    -------
    (str, dict of str to str)
        Its address, and the SHA-256 of each file by name.
    """
    files = folder / "files"
    files.mkdir(parents=True)
    toml = ("Provides-Extra: toml", 'Requires-Dist: gamma; extra == "toml"')
    made = [
        wheel(files, "alpha", "1.0", ("Provides-Extra: toml",)),
        wheel(files, "alpha", "1.1", toml),
        wheel(files, "beta", "1.0", ("Requires-Dist: alpha[toml]>=1.0",)),
        wheel(files, "beta", "1.1", ("Requires-Dist: alpha[toml]>=1.1",)),
        wheel(files, "gamma", "1.0"),
        wheel(files, "gamma", "2.0"),
    ]
    # The real one: the check reads markers by it.
    own = {str(f): f.locate().read_bytes() for f in distribution("packaging").files if f.suffix in (".py", ".typed")}
    made.append(wheel(files, "packaging", version("packaging"), files=own))
    for name in {file.partition("-")[0] for file in made}:
        page = folder / "simple" / name / "index.html"
        page.parent.mkdir(parents=True)
        links = (f'<a href="../../files/{file}">{file}</a>' for file in made if file.startswith(f"{name}-"))
        page.write_text(f"<!DOCTYPE html><html><body>{' '.join(links)}</body></html>", encoding="utf-8")
    sums = {file: hashlib.sha256((files / file).read_bytes()).hexdigest() for file in made}
    return (folder / "simple").as_uri(), sums


def lock(sums, *lines):
    """A lock of the lines given (alpha==1.0 ; a marker), in the form that the project's own has."""
    blocks = []
    for line in lines:
        name, _, rest = line.partition("==")
        file = f"{name}-{rest.split(' ')[0]}-py3-none-any.whl"
        blocks.append(f"{line} \\\n    --hash=sha256:{sums[file]}\n")
    return "".join(blocks)


def locked():
    """What the lock of the project has; gamma is for another system."""
    packaging = f"packaging=={version('packaging')}"
    return ("alpha==1.0", "beta==1.0", "gamma==1.0 ; sys_platform == 'nowhere'", packaging)


def project(folder, text):
    """A project with a lock."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (folder / "requirements.lock").write_text(text, encoding="utf-8")
    return folder


STAND_IN = """#!{python}
import os, subprocess, sys, time, zipfile
with open("{folder}/log", "a") as log:
    print(sys.argv[1], file=log)
if sys.argv[1] == "venv":
    sys.exit(subprocess.call([{python!r}, "-m", "venv", "--without-pip", sys.argv[-1]]))
while {waits} and not os.path.exists("{folder}/may-end"):
    time.sleep(0.02)
if os.environ.get("NOTHING_ANSWERS"):
    sys.exit("error: dns error")
python = sys.argv[sys.argv.index("--python") + 1]
there = subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
if "--editable" in sys.argv:
    sys.path.insert(0, "{folder}")
    import backend
    wheels = ["{folder}/" + backend.build_editable("{folder}")]
else:
    wheels = ["{folder}/index/files/" + name + "-py3-none-any.whl" for name in {names}]
for wheel in wheels:
    zipfile.ZipFile(wheel).extractall(there.decode().strip())
"""


def stand_in(folder, waits=False):
    """A uv that unpacks what the lock has, for a project beside its index/; the variables that let it be found.

    One that waits ends an installation once there is a file may-end in the folder.
    """
    program = folder / "bin" / "uv"
    program.parent.mkdir()
    base = getattr(sys, "_base_executable", "") or sys.executable
    names = [line.split(" ")[0].replace("==", "-") for line in locked() if "nowhere" not in line]
    program.write_text(STAND_IN.format(python=base, folder=folder, waits=waits, names=names), encoding="utf-8")
    program.chmod(0o755)
    (program.parent / "python3.11").symlink_to(base)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CROSSCITY", "PYTHON"))}
    return kept | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
