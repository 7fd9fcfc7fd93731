"""Every statement over what belongs to somebody names whose: SQL is parsed, and its conditions followed.

A table is owned if it has a `user_id`, is `users`, or refers to an owned table. In each select, update,
delete and insert every owned table must be bound: its owner is compared with a parameter, or its key with the
key of a table (subquery, common table expression) that is bound. A condition under `or` binds nothing.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from tests.house.finding import Finding
from tests.house.tree import nodes, parsed

_VERB = re.compile(r"\s*(select|insert|update|delete|with)\s", re.IGNORECASE)
_RUNS = re.compile(
    r"\.execute(many)?\(|[\"']\s*(select|insert into|update|delete from|with)\s", re.IGNORECASE
)
_QUERIES = (exp.Select, exp.SetOperation, exp.Update, exp.Delete, exp.Insert)


WORKER = "a worker's: of the job whose claim it holds, as a role that can change little else"
SWEEP = "looks after everybody's rows by their age or state, with no request behind it"
ADMIN = "for admins and the commands on the machine: everybody's"
STORAGE = "by the name of an object, as storage tells of it"
GRANT = "for whom the owner let in: the statement itself asks for the link or the coach's access"
SECRET = "by a secret that only its owner holds, or by the address at a login"
# A folder, a module, or a function of one: why its statements do not name an owner.
ALLOWED = {
    "src/ascension/accounts/queries.py:get_credentials": SECRET,
    "src/ascension/accounts/queries.py:language_of": SECRET,
    "src/ascension/accounts/queries.py:wants_result_letters": "by the address that a letter goes to",
    "src/ascension/analyses/letters/queries.py:take_ended": SWEEP,
    "src/ascension/accounts/queries.py:delete_old_idempotency_keys": SWEEP,
    "src/ascension/accounts/queries.py:delete_old_allowance_uses": SWEEP,
    "src/ascension/accounts/guardians/queries.py:forget_grown": SWEEP,
    "src/ascension/accounts/guardians/queries.py:give_up_unanswered": SWEEP,
    "src/ascension/accounts/factors/queries.py:lock_passkey": SECRET,
    "src/ascension/accounts/factors/queries.py:note_passkey_use": SECRET,
    "src/ascension/accounts/sessions/queries.py:lock_token": SECRET,
    "src/ascension/accounts/sessions/queries.py:mark_rotated": SECRET,
    "src/ascension/accounts/sessions/queries.py:owner_of": SECRET,
    "src/ascension/accounts/sessions/queries.py:drop_unused_successor": SECRET,
    "src/ascension/accounts/sessions/queries.py:delete_expired": SWEEP,
    "src/ascension/accounts/sessions/queries.py:list_ended": SWEEP,
    "src/ascension/analyses/queries.py:get_input": WORKER,
    "src/ascension/analyses/queries.py:hold_clip": WORKER,
    "src/ascension/analyses/queries.py:store_result": WORKER,
    "src/ascension/analyses/trash/queries.py:list_due": SWEEP,
    "src/ascension/analyses/corrections/queries.py:get_source": WORKER,
    "src/ascension/analyses/corrections/queries.py:store_corrected": WORKER,
    "src/ascension/analyses/corrections/queries.py:restore_original": WORKER,
    "src/ascension/coaching/queries.py:get_result": WORKER,
    "src/ascension/coaching/queries.py:get_wording": "its result was read as the asker's just before",
    "src/ascension/coaching/queries.py:store_wording": WORKER,
    "src/ascension/comparisons/queries.py:get_source": WORKER,
    "src/ascension/comparisons/queries.py:store_result": WORKER,
    "src/ascension/embedded/": ADMIN,
    "src/ascension/infra/database/roles.py": ADMIN,
    "src/ascension/exports/contents.py:_shown_to_others": GRANT,
    "src/ascension/exports/queries.py:claim": SWEEP,
    "src/ascension/exports/queries.py:give_up": SWEEP,
    "src/ascension/exports/queries.py:take_expired": SWEEP,
    "src/ascension/jobs/queries.py:claim": WORKER,
    "src/ascension/jobs/queries.py:heartbeat": WORKER,
    "src/ascension/jobs/queries.py:list_claims": WORKER,
    "src/ascension/jobs/queries.py:complete": WORKER,
    "src/ascension/jobs/queries.py:fail": WORKER,
    "src/ascension/jobs/queries.py:release": WORKER,
    "src/ascension/jobs/sweep_queries.py": SWEEP,
    "src/ascension/jobs/listing_queries.py": ADMIN,
    "src/ascension/jobs/worker_queries.py:count_by_state": ADMIN,
    "src/ascension/operations/": ADMIN,
    "src/ascension/retention/check_queries.py": ADMIN,
    "src/ascension/retention/queries.py:get": SECRET,
    "src/ascension/retention/queries.py:take_due": SWEEP,
    "src/ascension/retention/queries.py:take_departure": SWEEP,
    "src/ascension/retention/queries.py:note_pass": SWEEP,
    "src/ascension/retention/queries.py:delete_finished": SWEEP,
    "src/ascension/routes/recognition/queries.py:list_source": WORKER,
    "src/ascension/routes/recognition/queries.py:store": WORKER,
    "src/ascension/routes/removed/queries.py:delete_due": SWEEP,
    "src/ascension/sharing/copy_queries.py:list_unseen": SWEEP,
    "src/ascension/sharing/queries.py:as_user": GRANT,
    "src/ascension/sharing/queries.py:as_guest": GRANT,
    "src/ascension/sharing/coaches/queries.py:leave": GRANT,
    "src/ascension/sharing/coaches/queries.py:accept": SECRET,
    "src/ascension/sharing/coaches/queries.py:invitation": SECRET,
    "src/ascension/sharing/coaches/queries.py:list_of_coach": GRANT,
    "src/ascension/sharing/coaches/queries.py:list_climbs": GRANT,
    "src/ascension/sharing/coaches/news_queries.py:news_of": GRANT,
    "src/ascension/sharing/coaches/news_queries.py:list_open": GRANT,
    "src/ascension/sharing/coaches/queries.py:climber_of": GRANT,
    "src/ascension/sharing/coaches/queries.py:hold": GRANT,
    "src/ascension/sharing/coaches/queries.py:delete_expired": SWEEP,
    "src/ascension/sharing/comments/queries.py:delete_old": SWEEP,
    "src/ascension/sharing/links/queries.py:find_door": SECRET,
    "src/ascension/sharing/links/queries.py:note_opening": SECRET,
    "src/ascension/sharing/links/queries.py:delete_expired": SWEEP,
    "src/ascension/subscriptions/queries.py:take_ended_grants": SWEEP,
    "src/ascension/subscriptions/queries.py:owner_of": "by the customer, as the payment service signed it",
    "src/ascension/subscriptions/queries.py:take_unread": SWEEP,
    "src/ascension/subscriptions/queries.py:take_lapsed": SWEEP,
    "src/ascension/subscriptions/queries.py:departing": SWEEP,
    "src/ascension/videos/queries.py:expire_due": SWEEP,
    "src/ascension/videos/queries.py:expire_vanished": STORAGE,
    "src/ascension/videos/queries.py:note_archive_state": STORAGE,
    "src/ascension/videos/archive/queries.py:note_asked": STORAGE,
    "src/ascension/videos/archive/queries.py:due": SWEEP,
    "src/ascension/videos/copies/queries.py:get_source": WORKER,
    "src/ascension/videos/copies/queries.py:mark_made": WORKER,
    "src/ascension/videos/uploads/queries.py:take_completions": SWEEP,
    "src/ascension/videos/uploads/queries.py:expire_unfinished": SWEEP,
    "src/ascension/videos/uploads/queries.py:awaited_uploads": SWEEP,
}


@dataclass(frozen=True)
class Schema:
    """Which tables there are, their columns, and which of them belong to somebody."""

    columns: dict[str, frozenset[str]]
    owned: frozenset[str]

    def owner_column(self, table: str) -> str | None:
        """None: its owner is another row's."""
        if table == "users":
            return "id"
        return "user_id" if "user_id" in self.columns[table] else None


def read_schema(dump: str) -> Schema:
    """Out of `migrations/schema.sql`."""
    columns = {
        name: frozenset(re.findall(r"^    (\w+) ", body, re.MULTILINE)) - {"CONSTRAINT"}
        for name, body in re.findall(
            r"CREATE TABLE public\.(\w+) \((.*?)^\);", dump, re.DOTALL | re.MULTILINE
        )
    }
    references = re.findall(r"ALTER TABLE ONLY public\.(\w+)\n[^;]*REFERENCES public\.(\w+)\(", dump)
    owned = {"users", *(name for name, held in columns.items() if "user_id" in held)}
    while more := {child for child, parent in references if parent in owned} - owned:
        owned |= more
    return Schema(columns, frozenset(owned))


def disallowed(findings: Iterable[Finding], allowed: dict[str, str] = ALLOWED) -> list[Finding]:
    """Findings that no entry of the list allows, and entries that allow nothing any more."""
    used: set[str] = set()
    left: list[Finding] = []
    for finding in findings:
        place = f"{finding.path}:{finding.detail.partition(':')[0]}"
        fitting = {entry for entry in allowed if entry in (place, finding.path)}
        fitting |= {entry for entry in allowed if entry.endswith("/") and place.startswith(entry)}
        used |= fitting
        if not fitting:
            left.append(Finding(finding.path, finding.line, f"{finding.detail}; ask whose, or say why not"))
    return [
        *left,
        *(Finding(entry, 0, "is allowed, and names its owners") for entry in allowed.keys() - used),
    ]


def unowned(path: str, source: str, schema: Schema, constants: dict[str, str]) -> list[Finding]:
    """Statements that read or write what is somebody's without asking whose, each with its function.

    constants: texts of the names that statements are put together from, of this and of imported modules.
    """
    findings: list[Finding] = []
    if not _RUNS.search(source):
        return findings
    for function, line, statement in statements(source, constants):
        try:
            tree = sqlglot.parse_one(_plain(statement), dialect="postgres")
        except ParseError as error:
            findings.append(Finding(path, line, f"{function}: is not understood ({str(error)[:80]})"))
            continue
        if not isinstance(tree, _QUERIES):
            findings.append(Finding(path, line, f"{function}: is no literal that can be followed"))
        loose = sorted(set(_loose(tree, _Scope(schema))))
        findings += [Finding(path, line, f"{function}: {table} without its owner") for table in loose]
    return findings


def statements(source: str, constants: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """Function, line and text of each statement; of one with a choice in it, each choice.

    What is run and cannot be read is told as "unknown", but for what a caller hands in.
    """
    for function in nodes(source):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        handed_in = {argument.arg for argument in function.args.args}
        waiting: list[ast.AST] = [*function.body]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue  # a docstring
            texts = _texts(node, constants) if isinstance(node, ast.expr) else []
            found = [text for text in texts if _VERB.match(text) and text.split()[1:]]
            if isinstance(node, ast.expr):
                yield from ((function.name, node.lineno, text) for text in found)
            if isinstance(node, ast.Call) and _is_dark(node, constants, handed_in):
                yield function.name, node.lineno, "unknown"
            if not found:
                waiting = [*ast.iter_child_nodes(node), *waiting]


def _is_dark(call: ast.Call, constants: dict[str, str], handed_in: set[str]) -> bool:
    runs = isinstance(call.func, ast.Attribute) and call.func.attr in {"execute", "executemany"}
    if not runs or not call.args:
        return False
    told = call.args[0]
    return not _texts(told, constants) and not (isinstance(told, ast.Name) and told.id in handed_in)


def module_constants(source: str, known: dict[str, str]) -> dict[str, str]:
    """`known`, and the texts that a module gives names in capitals."""
    held = dict(known)
    for node in parsed(source).body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and node.value:
            for text in _texts(node.value, held)[:1]:
                held[target.id] = text
    return held


def _texts(node: ast.expr, constants: dict[str, str]) -> list[str]:
    """What an expression may be, if it is a text that can be known."""
    texts: list[str] = []
    match node:
        case ast.Constant(value=str() as text):
            texts = [text]
        case ast.Name(id=name) if name in constants:
            texts = [constants[name]]
        case ast.IfExp(body=body, orelse=orelse):
            texts = [*_texts(body, constants), *_texts(orelse, constants)]
        case ast.FormattedValue(value=value):
            texts = _texts(value, constants)
        case ast.JoinedStr(values=values):
            texts = _joined(values, constants)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            texts = _joined([left, right], constants)
        case _:
            pass
    return texts


def _joined(parts: Iterable[ast.expr], constants: dict[str, str]) -> list[str]:
    texts = [""]
    for part in parts:
        texts = [text + more for text in texts for more in _texts(part, constants)]
    return texts


def _plain(statement: str) -> str:
    """For a parser that knows neither psycopg's parameters nor a select of nothing."""
    text = re.sub(r"%(\(\w+\))?s", "$1", statement).replace("%%", "%")
    return re.sub(r"\bselect\s+from\b", "select 1 from", text, flags=re.IGNORECASE)


@dataclass(frozen=True)
class _Scope:
    """What conditions may name: tables by alias ("" where a query stands), and which of them are bound."""

    schema: Schema
    tables: dict[str, str] = field(default_factory=dict[str, str])
    bound: frozenset[str] = frozenset()
    common: dict[str, bool] = field(default_factory=dict[str, bool])
    """Common table expressions, and whether they are bound."""


def _loose(query: exp.Expr, outer: _Scope) -> list[str]:
    """Owned tables that nothing binds."""
    found: list[str] = []
    common = dict(outer.common)
    for named in _common_queries(query):
        before = replace(outer, common={**common, named.alias: False})  # one that is recursive names itself
        found += _loose(named.this, before)
        common[named.alias] = _is_bound(named.this, before)
    around = replace(outer, common=common)
    own = list(_own_nodes(query))
    nested = [node for node in own if isinstance(node, _QUERIES) and node is not query]
    if isinstance(query, exp.Insert):
        return [*found, *_loose_insert(query, around, nested)]
    scope = _scope_of(own, around)
    scope = replace(scope, bound=scope.bound | _bound_by(own, scope, around))
    found += [
        table
        for alias, table in _tables(own, common)
        if table in outer.schema.owned and alias not in scope.bound
    ]
    for inner in nested:
        found += _loose(inner, scope)
    return found


def _is_bound(query: exp.Expr, around: _Scope) -> bool:
    """Its rows are somebody's, and somebody was named."""
    tables = {table.name for table in query.find_all(exp.Table)}
    bound = {name for name, is_bound in around.common.items() if is_bound}
    return bool(tables & (around.schema.owned | bound)) and not _loose(query, around)


def _loose_insert(query: exp.Insert, around: _Scope, nested: Sequence[exp.Expr]) -> list[str]:
    """A row has its owner in it, or is made of bound rows; what a conflict writes over is its owner's."""
    found = [table for inner in nested for table in _loose(inner, around)]
    target = query.find(exp.Table)
    assert target is not None, query.sql()
    column = around.schema.owner_column(target.name) if target.name in around.schema.owned else None
    if column is None:
        made_of_bound = any(_is_bound(inner, around) for inner in nested)
        is_fine = made_of_bound or target.name not in around.schema.owned
        return found if is_fine else [*found, target.name]
    named = {identifier.name for identifier in query.this.expressions}
    conflict: exp.OnConflict | None = query.args.get("conflict")
    is_guarded = (
        conflict is None or "UPDATE" not in str(conflict.args["action"]) or column in _held_to(conflict)
    )
    return found if column in named and is_guarded else [*found, target.name]


def _held_to(conflict: exp.OnConflict) -> set[str]:
    """Columns in which the row that is written over is like the new one."""
    keys = {
        column.name for key in conflict.args.get("conflict_keys") or () for column in key.find_all(exp.Column)
    }
    conditions = [one for where in conflict.find_all(exp.Where) for one in _conjuncts(where.this)]
    equal = [one for one in conditions if isinstance(one, exp.EQ)]
    return keys | {column.name for one in equal for column in one.find_all(exp.Column)}


def _own_nodes(query: exp.Expr) -> Iterator[exp.Expr]:
    """Its nodes but for what stands in queries inside of it; those themselves are among them."""
    waiting = [child for key, child in _children(query) if key != "with_"]
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, _QUERIES):
            waiting += [child for _, child in _children(node)]


def _children(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    for child in node.iter_expressions():
        yield child.arg_key or "", child


def _common_queries(query: exp.Expr) -> list[exp.Expr]:
    held = query.args.get("with_")
    return held.expressions if held else []


def _tables(own: list[exp.Expr], common: dict[str, bool]) -> Iterator[tuple[str, str]]:
    """Alias and name of its tables."""
    for node in own:
        if isinstance(node, exp.Table) and node.name and node.name not in common:
            yield node.alias_or_name, node.name


def _scope_of(own: list[exp.Expr], around: _Scope) -> _Scope:
    """Its sources beside those around it; a query among them is bound if it is so inside."""
    tables, bound = dict(around.tables), set(around.bound)
    for alias, table in _tables(own, around.common):
        tables[alias] = table
        bound.discard(alias)
    for node in own:
        is_common = isinstance(node, exp.Table) and node.name in around.common
        if is_common or (isinstance(node, exp.Subquery) and node.alias):
            tables[node.alias_or_name] = ""
            is_bound = around.common[node.name] if is_common else _is_bound(node, around)
            bound = bound | {node.alias_or_name} if is_bound else bound - {node.alias_or_name}
    return replace(around, tables=tables, bound=frozenset(bound))


def _bound_by(own: list[exp.Expr], scope: _Scope, around: _Scope) -> frozenset[str]:
    """Aliases that its conditions bind, on and on until no more follow."""
    conditions = [(one, None) for node in own if isinstance(node, exp.Where) for one in _conjuncts(node.this)]
    for join in (node for node in own if isinstance(node, exp.Join) and node.args.get("on")):
        # an outer join keeps the rows of the other side
        only = join.this.alias_or_name if join.side else None
        conditions += [(one, only) for one in _conjuncts(join.args["on"])]
    bound = set(scope.bound)
    while True:
        more = {
            alias
            for condition, only in conditions
            for alias in _binds(condition, replace(scope, bound=frozenset(bound)), around)
            if only in (None, alias)
        }
        if more <= bound:
            return frozenset(bound)
        bound |= more


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.this)
        yield from _conjuncts(condition.expression)
    elif isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    else:
        yield condition


def _binds(condition: exp.Expr, scope: _Scope, around: _Scope) -> Iterator[str]:
    """Aliases that one condition binds."""
    if not isinstance(condition, exp.EQ | exp.In):
        return
    others = (
        [condition.expression]
        if isinstance(condition, exp.EQ)
        else [*condition.expressions, condition.args.get("query")]
    )
    for left, right in [
        pair
        for other in others
        if other is not None
        for pair in ((condition.this, other), (other, condition.this))
    ]:
        place = _place(left, scope)
        if place is None:
            continue
        alias, is_owner, is_key = place
        there = _place(right, scope)
        if there is not None:
            is_same = (is_owner and there[1]) or (is_key and there[2])
            if is_same and there[0] in scope.bound:
                yield alias
        elif (inner := right.find(*_QUERIES)) is not None:
            if is_key and _is_bound(inner, around):
                yield alias
        elif is_owner and right.find(exp.Parameter) and not right.find(exp.Column):
            yield alias


def _place(expression: exp.Expr, scope: _Scope) -> tuple[str, bool, bool] | None:
    """Alias of a column, is it the owner, is it a key. None: no column, or nobody can tell whose."""
    if not isinstance(expression, exp.Column):
        return None
    name = expression.name
    held = [
        alias
        for alias, table in scope.tables.items()
        if table and name in scope.schema.columns.get(table, ())
    ]
    alias = expression.table or (held[-1] if len(held) == 1 else None)
    if alias is None or alias not in scope.tables:
        return None
    table = scope.tables[alias]
    owner = scope.schema.owner_column(table) if table in scope.schema.columns else "user_id"
    return alias, name == owner, name == "id" or name.endswith("_id")
