"""How foreign things are called: SQL as literals, nothing without a timeout."""

import ast

from tests.house.finding import Finding
from tests.house.tree import nodes

RUNS_SQL = frozenset({"execute", "executemany"})
NEEDS_TIMEOUT = frozenset(
    {
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "urllib.request.urlopen",
        "urlopen",
        "socket.create_connection",
        "create_connection",
    }
)
# Clients of other programs: what each is told about waiting when it is made.
LIMITS_OF_CLIENTS = {
    "ClientSession": {"timeout"},
    "AioConfig": {"connect_timeout", "read_timeout"},
    "AsyncConnectionPool": {"timeout"},
    "AsyncConnection.connect": {"connect_timeout"},
    "psycopg.connect": {"connect_timeout"},
    "Redis.from_url": {"socket_connect_timeout", "socket_timeout"},
}
# What reaches other machines, by the file that does it. Each address is a setting or made of constants: a new
# place fails until it stands here, so that somebody asks whether a user's words could lead it anywhere.
REACHES_OUT = frozenset(
    {
        "ClientSession",
        "create_client",
        "from_url",
        "AsyncConnectionPool",
        "AsyncClient",
        "urlopen",
        "open_connection",
        "create_connection",
        "create_datagram_endpoint",
        "aiosmtplib.SMTP",
        "socket.socket",
    }
)
OUTGOING = {
    "src/ascension/accounts/mail/sending.py": {"aiosmtplib.SMTP"},
    "src/ascension/coaching/language_model.py": {"ClientSession"},
    "src/ascension/infra/alive.py": {"socket.socket"},  # to the manager of services
    "src/ascension/infra/database/primary.py": {"AsyncConnectionPool", "socket.socket"},  # of a connection
    "src/ascension/infra/http/server.py": {"socket.socket"},  # it listens
    "src/ascension/infra/instance.py": {"ClientSession"},
    "src/ascension/infra/storage/objects.py": {"create_client"},
    "src/ascension/infra/streams.py": {"from_url"},
    "src/ascension/jobs/cage/trial.py": {"socket.socket"},  # to see that it is refused
    "src/ascension/operations/cloudwatch.py": {"create_client"},
    "src/ascension/staging/web.py": {"ClientSession", "open_connection"},  # where the caller says
}


def reaching_out(source: str) -> set[str]:
    """Which of `REACHES_OUT` a file calls."""
    made = {f".{ast.unparse(node.func)}" for node in nodes(source) if isinstance(node, ast.Call)}
    return {name for name in REACHES_OUT if any(call.endswith(f".{name}") for call in made)}


def assembled_sql(path: str, source: str) -> list[Finding]:
    """Statements put together at run time where a literal with parameters belongs."""
    findings: list[Finding] = []
    for node in nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS_SQL:
            findings += [
                Finding(path, node.lineno, "assembles SQL; write it as a literal and pass parameters")
                for argument in node.args[:1]
                if _is_assembled(argument)
            ]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "cast":
            findings += [
                Finding(
                    path, node.lineno, "casts to LiteralString; SQL is a literal or comes from one loader"
                )
                for argument in node.args[:1]
                if "LiteralString" in ast.unparse(argument)
            ]
    return findings


def missing_timeouts(path: str, source: str) -> list[Finding]:
    """Calls that wait for another program or machine without saying how long."""
    return [
        Finding(path, node.lineno, f"{ast.unparse(node.func)} without timeout")
        for node in nodes(source)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in NEEDS_TIMEOUT
        and not any(keyword.arg in {"timeout", None} for keyword in node.keywords)
    ]


def clients_without_limits(path: str, source: str) -> list[Finding]:
    """Clients that are made without saying how long they may wait."""
    findings: list[Finding] = []
    for node in nodes(source):
        if isinstance(node, ast.Call):
            made = f".{ast.unparse(node.func)}"
            told = {keyword.arg for keyword in node.keywords}
            for name, needed in LIMITS_OF_CLIENTS.items():
                if made.endswith(f".{name}") and not needed <= told:
                    missing = ", ".join(sorted(needed - told))
                    findings.append(Finding(path, node.lineno, f"{name} without {missing}"))
    return findings


def _is_assembled(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        return not all(_is_constant(part) for part in _leaves(argument))
    if not isinstance(argument, ast.Call) or not isinstance(argument.func, ast.Attribute):
        return False
    # psycopg's sql.SQL(...) quotes what it is given: names of roles and databases take no parameters
    composed = ast.unparse(argument.func.value).startswith(("sql.SQL(", "SQL("))
    return argument.func.attr in {"format", "join", "replace"} and not composed


def _is_constant(part: ast.expr) -> bool:
    """A literal, or a constant of the module (the type checker holds it to LiteralString)."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(value, ast.IfExp):
        return _is_constant(value.body) and _is_constant(value.orelse)
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.isupper())


def _leaves(expression: ast.expr) -> list[ast.expr]:
    if isinstance(expression, ast.BinOp):
        return [*_leaves(expression.left), *_leaves(expression.right)]
    if isinstance(expression, ast.JoinedStr):
        return expression.values
    return [expression]
