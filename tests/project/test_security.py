"""Nothing leaves, nothing runs: a whole run without network over hostile documents, and rules for the code itself."""

import ast
import csv
import getpass
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import nbformat
import pandas as pd
import pytest
from crosscity import pages
from crosscity.browse import concordance, fragments, matrix_page
from crosscity.compare.answers import MATRIX_COLUMNS
from crosscity.compare.collocations import KWIC_COLUMNS
from crosscity.figures import style
from crosscity.files.safe_csv import escape_formula
from crosscity.project import report
from crosscity.topics import intruders

from tests.conftest import CHROMIUM, PROJECT
from tests.helpers.pages import BESIDE, POLICY, Page

GUARD = PROJECT / "tests" / "guard"
USER = "quirinus-vandermeer"  # stands for whoever runs it: in the folder's name, the home and the environment
HOSTILE = "<script>alert(1)</script>\"><img src=x onerror='alert(2)'></style></title><a href=javascript:alert(3)>"
HOSTILE += "{{ 7*191 }}{% raw %}<!--]]>&lt;b&gt;\u2028\u202e${x^"
READ = HOSTILE.replace("\u2028\u202e", " ")  # as a cell of the manifest comes out
NAME = "'\"><img src=x onerror=alert(4)>{{ 7*191 }}.txt"
FORMULA = '=HYPERLINK("http://example.org","a")'
NOTEBOOKS = ("01-corpus", "08-facts")
SMALL = "specifications: 8\nk: 3\nks: [3, 5]\nresamples: 3\nrefits: 5\ndraws: 50\nmin_df: 2\nterms: 5\n"
DRIVER = """
import json, pathlib, sys
from crosscity.cli import app
folders = ["--tables", "tables", "--reports", "reports", "--state", "state", "--params", "small.yaml"]
build = ["build", "documents", "--out", "tables", "--params", "small.yaml", "--jobs", "2", "--state", "state"]
app(build, standalone_mode=False)
app(["plan", *folders], standalone_mode=False)
plan = pathlib.Path("state/plan.json")
runs = [run for run in json.loads(plan.read_text()) if run["id"] in sys.argv[1:]]
plan.write_text(json.dumps(runs))
for run in runs:
    app(["run", run["id"], "--state", "state"], standalone_mode=False)
app(["report", *folders], standalone_mode=False)
"""
UNSHARE = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


def document(city, n):
    """A report of a few parts, with figures, programmes, problems and plans; every part holds hostile text."""
    parts = [f"{city}2023年工作报告"]
    for i, heading in enumerate(("过去一年工作回顾", "存在的问题", "今后的打算"), start=1):
        parts.append(f"{'一二三'[i - 1]}、{heading}")
        parts += [
            f"全市新建渔港{n + i}个，投入资金{3 * n + i}亿元，同比增长{i}.5%。我们实施了“灯塔引航”工程{HOSTILE}。",
            f"存在的困难是茶山道路不足，党员教育{FORMULA}还不够扎实，基层党组织力量薄弱。",
            f"下一步要推动{n}个社区建立党支部，到2025年完成{i}00户的改造，加强干部培训和群众服务。",
        ]
    return "\n".join(parts) + "\n"


def unshared():
    """Whether a process can be given a network of its own that has loopback alone."""
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True, timeout=600, check=False).returncode == 0
    except OSError:
        return False


def guarded(command, log, **options):
    """Run a command whose Python processes cannot reach the network; its status, output and what was tried."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CROSSCITY", "PYTHONSTART", "JUPYTER"))}
    environment |= {"CROSSCITY_GUARD": str(log), **options.pop("env", {})}
    environment["PYTHONPATH"] = os.pathsep.join([str(GUARD), *options.pop("path", [])])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False, **options)
    lines = Path(log).read_text(encoding="utf-8").splitlines() if Path(log).exists() else []
    return done.returncode, done.stdout + done.stderr, lines


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A checkout in a folder that holds a user's name, and a run in it by relative folders over hostile documents."""
    root = tmp_path_factory.mktemp(USER)
    for name in ("lib", "notebooks"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    documents = root / "documents"
    documents.mkdir()
    rows = [["file", "city", "year", "title", "publisher", "speaker", "genre", "remark"]]
    for i, (name, city) in enumerate(((NAME, f"{HOSTILE}市"), ("=1+1.txt", f"@{FORMULA}"), ("丙.txt", "$x^$"))):
        (documents / name).write_text(document("某市", 5 + i), encoding="utf-8")
        rows.append([name, city, "2023", FORMULA if i else HOSTILE, HOSTILE, HOSTILE, "report", HOSTILE])
    with (documents / "corpus.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    (root / "small.yaml").write_text(SMALL + f"only: {{speaker: [{json.dumps(READ)}]}}\n", encoding="utf-8")
    home = root / "home" / USER
    home.mkdir(parents=True)
    environment = dict.fromkeys(("USER", "LOGNAME", "LNAME", "USERNAME"), USER) | {"HOME": str(home)}
    # Fonts are listed anew in an empty folder, which takes seconds.
    environment |= {"MPLCONFIGDIR": mpl.get_cachedir(), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*(UNSHARE if unshared() else []), sys.executable, "-c", DRIVER, *NOTEBOOKS]
    found = guarded(command, root / "guard.log", env=environment, path=[str(root / "lib")], cwd=root)
    return root, *found


def files(root, *suffixes):
    return [p for p in sorted((root / "reports").rglob("*")) if p.is_file() and p.suffix in suffixes]


def test_a_run_needs_no_network(study):
    root, status, output, log = study
    assert status == 0, output
    assert (root / "reports" / "index.html").is_file()
    assert [line for line in log if line.startswith("tried")] == []
    assert any(line.startswith("began") for line in log), "the guard was not in the run, whose forks the kernels are"


TRIES = {
    "an address": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "a name": "import urllib.request; urllib.request.urlopen('http://example.org', timeout=1)",
    "a datagram": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'a', ('192.0.2.1', 9))",
    "a server": "import socket; socket.socket().bind(('0.0.0.0', 0))",
    "a worker": "import multiprocessing as m, socket\n"
    "if __name__ == '__main__':\n"
    "    with m.get_context('fork').Pool(1) as p: p.apply(socket.create_connection, (('192.0.2.1', 80), 1))",
}


@pytest.mark.parametrize("what", TRIES)
def test_the_guard_sees_what_reaches_out(tmp_path, what):
    status, output, log = guarded([sys.executable, "-c", TRIES[what]], tmp_path / "log")
    assert status != 0
    assert "the network is cut off" in output
    assert [line.split()[0] for line in log].count("tried") == 1


def test_loopback_and_files_stay_open(tmp_path):
    code = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
    code += "socket.create_connection(('localhost', s.getsockname()[1]), 5)\n"
    code += f"u = socket.socket(socket.AF_UNIX); u.bind({str(tmp_path / 'u')!r})"
    assert guarded([sys.executable, "-c", code], tmp_path / "log")[:2] == (0, "")


def test_the_network_of_the_run_is_cut_off_below_python_too(tmp_path):
    if not unshared():
        pytest.skip("unshare -rn gives no network of its own here: the run was watched from inside Python alone")
    code = "import errno, socket\ntry: socket.create_connection(('192.0.2.1', 80), 3)\n"
    code += "except OSError as error: print(error.errno == errno.ENETUNREACH)"
    done = subprocess.run([*UNSHARE, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_every_page_of_a_run_is_text_and_pictures(study):
    root = study[0]
    pages = {str(p.relative_to(root / "reports")): Page(p.read_text(encoding="utf-8")) for p in files(root, ".html")}
    assert {"index.html", "gallery.html", "01-corpus/index.html", "01-corpus/notebook.html"} <= set(pages)
    assert {"08-facts/matrix.html", "08-facts/indicators.html"} <= set(pages)
    assert {name for name, page in pages.items() if page.scripts} == {"search.html", "08-facts/matrix.html"}
    assert any("/coding/" in name for name in pages)
    assert {name: page.problems for name, page in pages.items() if page.problems} == {}
    assert not [name for name, page in pages.items() if "1337" in page.text]
    index = pages["index.html"].text
    for text in (READ, f"{READ}市", f"@{FORMULA}", Path(NAME).stem, "=1+1"):
        assert text in index
    assert FORMULA in index
    assert HOSTILE.split("\u2028")[0] in pages["08-facts/matrix.html"].text


def test_every_table_of_a_run_can_be_opened_in_a_spreadsheet(study):
    seen = set()
    for path in files(study[0], ".csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not re.match("[=@\t\r＝＠]", cell), path
                    assert not re.match(r"[-+](?![\d.]+(e[-+]?\d+)?%?$)", cell), path
                    seen |= {cell} & {escape_formula(f"@{FORMULA}"), "'=1+1"}
    assert len(seen) == 2, "the formulas of the corpus are in no table"


def plain(path):
    """The text of a file without what is encoded in it, pictures and fonts, in which any letters can stand."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
    return re.sub(r'"image/png": "[^"]*"', "", text)


def test_no_file_of_a_run_holds_a_path_a_user_or_a_host(study):
    root = study[0]
    names = {str(root), str(PROJECT), str(Path.home()), USER, "site-packages", sys.prefix}
    # Short ones are words: vm, root.
    names |= {n for n in (getpass.getuser(), socket.gethostname()) if len(n) > 4}
    packed = (".png", ".pdf", ".xlsx")
    texts = [p for p in sorted((root / "reports").rglob("*")) if p.is_file() and p.suffix not in packed]
    assert len(texts) > 20
    for path in texts:
        text = plain(path)
        assert not [n for n in names if n in text], path
    for path in files(root, ".png", ".pdf"):
        assert not [n for n in names if n.encode() in path.read_bytes()], path
    warned = []
    for path in files(root, ".ipynb"):
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        # Names as long as these leave a figure no room; the warning says so without the path of what warns.
        warned += [t for c in cells for o in c["outputs"] if o.get("name") == "stderr" for t in o["text"]]
        injected = "".join(next(c for c in cells if "injected-parameters" in c["metadata"]["tags"])["source"])
        assert 'tables = "tables"' in injected
        assert f'out = "reports/{path.parent.name}"' in injected
    assert any(re.match(r"\w+\.py:\d+: \w+Warning: ", line) for line in warned), warned


def test_hostile_text_in_the_matrix_stays_text():
    voice = matrix_page.Voice(HOSTILE, HOSTILE, HOSTILE, [(9, HOSTILE)], 9)
    summaries = dict.fromkeys(((HOSTILE, HOSTILE), (HOSTILE, ""), ("", HOSTILE)), (HOSTILE, True))
    page = Page(matrix_page.matrix_page(answers(), [voice], HOSTILE, [HOSTILE], summaries))
    assert page.problems == []
    assert page.text.count(HOSTILE) >= 6
    assert "1337" not in page.text


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_no_committed_notebook_holds_a_path_or_a_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/home/|/Users/|/root/|/tmp/|[A-Z]:\\\\|site-packages|<script", text)
    cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
    assert not [o for c in cells for o in c["outputs"] if o.get("name") == "stderr"]


def lines():
    row = dict.fromkeys(KWIC_COLUMNS, HOSTILE) | {"paragraph": 1, "total": 1}
    return pd.DataFrame([row])


def answers():
    numbers = {"rank": 1, "found": 1, "paragraph": 1, "start": 0, "end": 4, "key": 0}
    return pd.DataFrame([dict.fromkeys(MATRIX_COLUMNS, HOSTILE) | numbers])


FRAGMENTS = {
    "concordance": lambda: concordance.concordance(lines(), [HOSTILE, "茶山"], [HOSTILE], about=HOSTILE),
}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_hostile_text_in_a_fragment_stays_text(name):
    made = FRAGMENTS[name]()
    for page in (Page(made, policy=False), Page(fragments.page(made, HOSTILE))):
        assert page.problems == []
        assert page.text.count(HOSTILE) >= 3
        assert "1337" not in page.text


def test_hostile_text_in_questions_stays_text(tmp_path):
    texts = dict.fromkeys([*intruders.LETTERS, "task", "text", "question", "sheet"], HOSTILE) | {"answer": ""}
    key = pd.DataFrame([{**dict.fromkeys(intruders.KEY_COLUMNS, HOSTILE), "intruder": 1, "sheet": "abc"}])
    intruders.write_tasks(tmp_path, intruders.Tasks(pd.DataFrame([texts]), key, []))
    page = Page((tmp_path / "questions" / "questions.html").read_text(encoding="utf-8"))
    assert page.problems == []
    assert page.texts.count(HOSTILE) == 9


def test_hostile_outputs_of_a_notebook_stay_text(tmp_path):
    table = pd.DataFrame({HOSTILE: [HOSTILE]}, index=[HOSTILE])
    html = {"text/html": table.to_html(), "text/plain": repr(table)}
    outputs = [
        nbformat.v4.new_output("stream", name="stdout", text=f"{HOSTILE}\x1b[31m{HOSTILE}"),
        nbformat.v4.new_output("display_data", html),
        nbformat.v4.new_output("display_data", {"application/javascript": "alert(5)", "text/plain": HOSTILE}),
        nbformat.v4.new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE]),
    ]
    cell = nbformat.v4.new_code_cell(f"name = {HOSTILE!r}", outputs=outputs)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), cell])
    nbformat.write(notebook, tmp_path / "notebook.ipynb")
    run = {"id": "01-a", "heading": HOSTILE}
    shown = pages.render(
        "page.html", "../", run=run, runs=[run], version="", **report._executed(tmp_path / "notebook.ipynb")
    )
    page = Page(shown.replace(pages._FONT, "", 1))
    assert page.problems == []
    assert page.text.count(HOSTILE) >= 4


def test_hostile_text_in_a_figure_is_drawn(tmp_path):
    from matplotlib.figure import Figure

    style.use_style()
    fig = Figure()
    ax = fig.subplots()
    ax.barh([f"{HOSTILE[:30]}", "$x^$"], [1, 2], label="$\\frac{$")
    ax.set(title=HOSTILE.replace("\u2028", "").replace("\u202e", ""), xlabel="-->]]>")
    ax.legend()
    style.save_figure(fig, tmp_path, "a", pd.DataFrame({"x": [1]}), HOSTILE, HOSTILE, ["<script>-->"])
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    elements = list(ET.fromstring(text).iter())
    names = {e.tag.split("}")[1] for e in elements}
    allowed = "svg metadata RDF Work type format creator Agent title defs style g path use clipPath rect"
    assert names <= {*allowed.split()}
    assert not [a for e in elements for a in e.attrib if a.split("}")[-1].startswith("on")]
    links = [v for e in elements for a, v in e.attrib.items() if a.split("}")[-1] == "href"]
    assert all(link.startswith("#") for link in links)
    # Comments before the outlines say what they are of.
    assert "<!-- &lt;script&gt;- -&gt; -->" in text
    assert [e.text for e in elements if e.tag.endswith("}title")] == [
        f"Matplotlib v{mpl.__version__}, https://matplotlib.org/"
    ]


PLANTED = {
    "a script": "<script>alert(1)</script>",
    "a handler": "<b onclick='a()'>x</b>",
    "an address": "<img src='https://example.org/a.png'>",
    "a frame": "<iframe srcdoc='x'></iframe>",
    "a javascript address": "<a href=' java\nscript:alert(1)'>x</a>",
    "another host": "<a href='//example.org'>x</a>",
    "a style that fetches": "<b style=\"background: url('http://example.org')\">x</b>",
    "an import": "<style>@import 'a.css';</style>",
    "a refresh": "<meta http-equiv='Refresh' content='0; url=a'>",
    "a form": "<form action='a'></form>",
    "a base": "<base href='a'>",
    "a vector picture": "<svg onload='a()'></svg>",
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_reader_of_pages_sees(what):
    assert Page(fragments.page("<p>x</p>", "x")).problems == []
    assert Page(fragments.page(PLANTED[what], "x")).problems


@pytest.mark.parametrize("path", sorted((PROJECT / "lib/crosscity/resources").glob("*.html")), ids=lambda p: p.name)
def test_every_template_of_a_page_has_a_policy_before_anything_else(path):
    text = path.read_text(encoding="utf-8")
    if path.name == "site.html":  # the search, which the policy names, and what it searches
        own = '<script type="application/json" id="search-data">{{ script.data }}</script>\n'
        text = text.replace(f"{own}<script>{{{{ script.text }}}}</script>", "").replace(
            "{% if script %}script-src '{{ script.sum }}'; {% endif %}", ""
        )
    assert not re.search(r"<script|script-src|\son[a-z]+=|\|\s*safe\b|autoescape", text)
    if "<html" in text:
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text.split("<title>")[0])
        assert len(found) == 1
        allowed = BESIDE  # of pages whose pictures lie beside them
        assert POLICY - set(found[0].split("; ")) <= {"font-src data:", "img-src data:"}
        assert set(found[0].split("; ")) - POLICY <= (
            allowed if path.name in ("verification.html", "site.html") else set()
        )


def test_a_page_without_its_policy_is_seen():
    made = fragments.page("<p>x</p>", "x")
    assert Page(made.replace("form-action 'none'", "")).problems
    assert Page(made.replace("default-src 'none'", "default-src 'none'; script-src *")).problems


def opened(path, folder):
    """What chromium makes of a page from a folder: its DOM once it has loaded, and what its console says."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--dump-dom"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=2000", path.resolve().as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed: pages were read by a parser alone")
def test_a_browser_opens_the_report_from_its_folder(study, tmp_path):
    page = study[0] / "reports" / "index.html"
    dom, console = opened(page, tmp_path / "profile")
    assert console == []
    assert "Methods and record" in dom
    assert 'id="search" aria-labelledby="search-title" hidden' not in dom  # the search ran: it shows itself
    # And the policy is in force: what is planted is refused.
    bad = tmp_path / "bad.html"
    planted = "<script>document.title = 'ran'</script><img src='http://192.0.2.1/x.png'></body>"
    bad.write_text(page.read_text(encoding="utf-8").replace("</body>", planted), encoding="utf-8")
    dom, console = opened(bad, tmp_path / "profile")
    assert "<title>ran" not in dom
    assert sum("violates the following Content Security Policy" in line for line in console) == 2


FORBIDDEN = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "urllib", "requests", "http", "httpx"}
FORBIDDEN |= {"ftplib", "smtplib", "telnetlib", "xmlrpc", "aiohttp", "socket", "webbrowser", "ctypes"}
RUNS = {"eval", "exec", "compile", "__import__", "breakpoint"}
CALLS = {"os.system", "os.popen", "pandas.read_pickle", "pd.read_pickle", "joblib.load", "joblib.dump", "yaml.load_all"}
CALLS |= {"yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all", "yaml.full_load_all", "asyncio.open_connection"}
LOADERS = {"SafeLoader", "CSafeLoader", "_loader"}


def dotted(node):
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def faults(source, strict=True):
    """What stands in a source that must not; `strict` for the library, whose processes see other people's documents."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            banned = FORBIDDEN if strict else FORBIDDEN - {"urllib", "http", "socket", "ctypes"}
            found += [n for n in names if n.split(".")[0] in banned]
            found += [f"subprocess {n}" for n in names if strict and n.split(".")[0] == "subprocess"]
            if isinstance(node, ast.ImportFrom):
                full = {f"{node.module}.{a.name}" for a in node.names}
                found += sorted(full & (CALLS | {"yaml.load", "yaml.Loader", "yaml.UnsafeLoader", "yaml.FullLoader"}))
        elif isinstance(node, ast.Call):
            name, keywords = dotted(node.func), {k.arg: k.value for k in node.keywords}
            if name in RUNS and strict:
                found.append(name)
            if name in CALLS or name.endswith((".to_pickle", ".read_pickle")):
                found.append(name)
            if name == "yaml.load":
                given = [*node.args[1:], keywords.get("Loader")]
                given = [x.func if isinstance(x, ast.Call) else x for x in given]  # what makes our own
                if not any(x is not None and dotted(x).split(".")[-1] in LOADERS for x in given):
                    found.append("yaml.load without a safe loader")
            for key in ("shell", "allow_pickle"):
                if key in keywords and not (isinstance(keywords[key], ast.Constant) and keywords[key].value is False):
                    found.append(f"{key}=True")
            # CSV goes through `safe_csv`, which makes it safe.
            if name.endswith(".to_csv") or name in ("csv.writer", "csv.DictWriter"):
                found += [name] if strict else []
    return found


def sources(*folders):
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*.py")):
            yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")


def test_the_library_runs_no_data_and_reaches_no_network():
    found = {name: f for name, source in sources("lib") if (f := faults(source))}
    assert found == {
        # LibreOffice, by a path of the system, on a copy in a folder of its own, without a shell
        "lib/crosscity/documents/formats/office.py": ["subprocess subprocess"],
        # This Python, with this library, to read files apart
        "lib/crosscity/documents/reader_process.py": ["subprocess subprocess"],
        "lib/crosscity/documents/formats/html.py": ["urllib.parse"],  # %20 in names of files and parts
        "lib/crosscity/documents/formats/opendocument.py": ["urllib.parse"],
        "lib/crosscity/documents/formats/package.py": ["urllib.parse"],
        # PDFium calls back for fonts, and takes them by address
        "lib/crosscity/documents/formats/pdf.py": ["ctypes"],
        "lib/crosscity/documents/formats/substitute_font.py": ["ctypes"],
        "lib/crosscity/project/intake.py": ["csv.writer"],  # cells of corpus.csv as they stand there
        "lib/crosscity/files/locks.py": ["ctypes"],  # prctl, with numbers alone
        "lib/crosscity/files/memory.py": ["ctypes"],  # malloc_trim, with a number alone
        "lib/crosscity/project/provenance.py": [
            "subprocess subprocess"
        ],  # git, with words of its own alone and without a shell
        "lib/crosscity/files/safe_csv.py": ["csv.writer", "safe.to_csv"],
    }


def test_tests_and_benchmarks_unpickle_nothing():
    assert {name: f for name, source in sources("bench", "tests") if (f := faults(source, strict=False))} == {}


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_run_no_data_and_reach_no_network(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    assert not [line for source in code for line in source.splitlines() if line.lstrip().startswith(("!", "%"))]
    assert faults("\n".join(code)) == []


def test_loaders_of_yaml_are_safe():
    import yaml
    from crosscity.files import safe_yaml

    SafeLoader = safe_yaml._loader()  # noqa: N806
    assert issubclass(SafeLoader, yaml.SafeLoader | getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        yaml.load("!!python/object/apply:os.getcwd []", SafeLoader)


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "from urllib.request import urlopen",
        "def f():\n import requests",
        "import http.client",
        "eval('1')",
        "exec(x)",
        "os.system('a')",
        "import subprocess",
        "run(a, shell=True)",
        "yaml.load(x)",
        "yaml.load(x, yaml.Loader)",
        "yaml.load(x, Loader=yaml.FullLoader)",
        "from yaml import load",
        "pd.read_pickle(x)",
        "frame.to_pickle(x)",
        "np.load(x, allow_pickle=True)",
        "np.load(x, allow_pickle=flag)",
        "frame.to_csv(x)",
    ],
)
def test_what_is_planted_is_found(source):
    assert faults(source)
    assert faults("yaml.load(x, yaml.SafeLoader); re.compile('a'); np.load(x, allow_pickle=False)") == []
