"""What only a named place may do: catch everything, commit, print, read the environment, silence types."""

import ast
import re
from collections.abc import Collection, Iterator

from tests.house.finding import Finding
from tests.house.tree import nodes, parsed

BROAD = frozenset({"Exception", "BaseException"})

# A process or a task ends here: whatever comes is logged with its trace or becomes a failure code on a row.
BROAD_EXCEPT_EDGES = {
    "src/ascension/accounts/mail/sending.py:_made": "an address that breaks a parser holds up no letters",
    "src/ascension/infra/background.py:attempt": "one step must not keep the others from their turns",
    "src/ascension/infra/background.py:keep_running": "a sweep that ends in silence is never missed",
    "src/ascension/jobs/runner.py:Runner._conclude": "our mistake ends a run, with a code on its row",
    "src/ascension/jobs/worker.py:Worker._run_in": "one entry must not stop the others",
}

COMMIT_HOME = "src/ascension/infra/database/primary.py"
# The supervisor makes roles and databases before there is an application.
CONNECT_HOMES = ("src/ascension/embedded/",)

# SQL stands in `queries.py` and `*_queries.py`, so that whoever changes a table finds all that reads it.
STATEMENT_HOMES = {
    "src/ascension/audit/entries.py": "the one way to write an entry; its queries.py only reads",
    "src/ascension/embedded/": "roles, databases and snapshots, which no noun of the product owns",
    "src/ascension/infra/database/": "asks the server about itself",
    "src/ascension/infra/streams.py": "commands of Valkey, not SQL",
}

# Commands talk to a terminal; everything else logs.
PRINT_HOMES = (
    "src/ascension/cli.py",
    "src/ascension/embedded/",
    "src/ascension/infra/console.py",
    "src/ascension/vision/build_models.py",
)

# Settings stop at the edge: these turn the environment into values, or make one for a child process.
ENVIRONMENT_HOMES = (
    "src/ascension/__init__.py",
    "src/ascension/infra/credentials.py",
    "src/ascension/infra/settings.py",
    "src/ascension/embedded/",
    "src/ascension/jobs/child.py",
    "src/ascension/jobs/compute.py",
    "src/ascension/vision/build_models.py",
)

# One module around each library without types; nowhere else is the type checker told to look away.
UNTYPED_BOUNDARIES = frozenset(
    {
        "src/ascension/infra/security.py",  # pyjwt: a key type of an optional library
        "src/ascension/infra/streams.py",  # redis: some keyword arguments
        "src/ascension/reports/c3d_file.py",  # c3d
        "src/ascension/reports/document.py",  # reportlab: its stubs leave drawing calls open
        "src/ascension/vision/network_onnx.py",  # onnxruntime
        "src/ascension/vision/network_openvino.py",  # openvino
        "src/ascension/vision/tflite_file.py",  # tflite
    }
)


def broad_excepts(path: str, source: str, edges: dict[str, str] = BROAD_EXCEPT_EDGES) -> list[Finding]:
    """Handlers (or `suppress`) of everything outside the named process edges.

    A handler that ends in a bare `raise` only cleans up. `edges` maps "path:qualified.name" to why.
    """
    return [
        Finding(path, node.lineno, f"catches everything in {name or 'the module'}; name the errors")
        for name, node in _with_owner(parsed(source), "")
        if _is_broad(node) and f"{path}:{name}" not in edges
    ]


def stale_edges(sources: dict[str, str], edges: dict[str, str] = BROAD_EXCEPT_EDGES) -> list[Finding]:
    """Entries of the list of process edges that no longer catch anything."""
    used = {
        f"{path}:{name}"
        for path, source in sources.items()
        for name, node in _with_owner(parsed(source), "")
        if _is_broad(node)
    }
    return [Finding(edge.partition(":")[0], 0, f"no broad except in {edge}") for edge in edges.keys() - used]


def commits(path: str, source: str) -> list[Finding]:
    """Commits and connections outside the one module where a request's or a task's transaction ends."""
    if path == COMMIT_HOME or path.startswith(CONNECT_HOMES):
        return []
    return [
        Finding(path, call.lineno, f"calls {ast.unparse(call.func)}; transactions end in {COMMIT_HOME} only")
        for call in _calls(source)
        if (isinstance(call.func, ast.Attribute) and call.func.attr == "commit")
        or re.search(
            r"(?i)(psycopg|Connection)\.connect$|ConnectionPool$|autocommit$", ast.unparse(call.func)
        )
    ]


def statements(path: str, source: str, homes: Collection[str] = tuple(STATEMENT_HOMES)) -> list[Finding]:
    """Statements outside the modules that hold a noun's SQL."""
    if path.endswith(("/queries.py", "_queries.py")) or path.startswith(tuple(homes)):
        return []
    return [
        Finding(path, call.lineno, "runs a statement; SQL stands in queries.py")
        for call in _calls(source)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"execute", "executemany"}
    ]


def prints(path: str, source: str) -> list[Finding]:
    """`print` and writes to standard output outside the commands."""
    if path.startswith(PRINT_HOMES) or path.endswith(("/command.py", "_command.py")):
        return []
    return [
        Finding(path, call.lineno, "prints; only commands talk to a terminal, the rest logs")
        for call in _calls(source)
        if ast.unparse(call.func) in {"print", "pprint", "sys.stdout.write", "sys.stderr.write", "typer.echo"}
    ]


def environment_reads(path: str, source: str) -> list[Finding]:
    """Uses of the process environment outside the settings and the supervisor."""
    if path.startswith(ENVIRONMENT_HOMES):
        return []
    return [
        Finding(path, node.lineno, "reads the environment; settings are passed in as values")
        for node in nodes(source)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
    ]


def silenced_types(path: str, source: str, homes: frozenset[str] = UNTYPED_BOUNDARIES) -> list[Finding]:
    """Comments that silence the type checker without a rule, for a file, or outside a boundary module."""
    findings: list[Finding] = []
    for number, line in enumerate(source.splitlines(), 1):
        comment = re.search(r"#\s*pyright:\s*(.*)", line)
        if comment is None:
            continue
        named = re.match(r"ignore\[\w+(, ?\w+)*\]|report\w+\s*=\s*(false|\"?none\"?)(,|\s|$)", comment[1])
        if named is None:
            findings.append(Finding(path, number, "silences types without naming the rule"))
        elif path.startswith("src/") and path not in homes:
            findings.append(
                Finding(path, number, "silences types outside the modules around untyped libraries")
            )
    return findings


def files_opened(path: str, source: str) -> list[Finding]:
    """Input and output inside biomechanics, which is arithmetic only."""
    if not path.startswith("src/ascension/biomechanics/"):
        return []
    doors = {"open", "input", "eval", "exec", "np.load", "np.save", "np.loadtxt", "np.fromfile", "__import__"}
    return [
        Finding(path, call.lineno, f"calls {ast.unparse(call.func)}; biomechanics is arithmetic only")
        for call in _calls(source)
        if ast.unparse(call.func) in doors
    ]


def _calls(source: str) -> list[ast.Call]:
    return [node for node in nodes(source) if isinstance(node, ast.Call)]


def _with_owner(node: ast.AST, owner: str) -> Iterator[tuple[str, ast.expr | ast.ExceptHandler]]:
    """Every handler and expression with the qualified name of the function or class around it."""
    for child in ast.iter_child_nodes(node):
        name = owner
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{owner}.{child.name}".removeprefix(".")
        elif isinstance(child, ast.ExceptHandler | ast.expr):
            yield owner, child
        yield from _with_owner(child, name)


def _is_broad(node: ast.expr | ast.ExceptHandler) -> bool:
    if isinstance(node, ast.ExceptHandler):
        caught = {"BaseException"} if node.type is None else _last_names(node.type)
        last = node.body[-1]
        return bool(caught & BROAD) and not (isinstance(last, ast.Raise) and last.exc is None)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"suppress", "contextlib.suppress"}:
        return any(_last_names(argument) & BROAD for argument in node.args)
    return False


def _last_names(expression: ast.expr) -> set[str]:
    elements = expression.elts if isinstance(expression, ast.Tuple) else [expression]
    return {ast.unparse(element).rpartition(".")[2] for element in elements}
