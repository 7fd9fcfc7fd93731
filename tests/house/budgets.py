"""Size budgets: what still fits into one head."""

import ast

from tests.house.finding import Finding
from tests.house.tree import nodes

MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 7
MAX_FILE_LINES = 500

type_of_function = ast.FunctionDef | ast.AsyncFunctionDef


def long_files(path: str, source: str) -> list[Finding]:
    """Files of more than 500 lines."""
    lines = len(source.splitlines())
    if lines <= MAX_FILE_LINES:
        return []
    return [Finding(path, lines, f"{lines} lines; a file has at most {MAX_FILE_LINES}")]


def long_functions(path: str, source: str) -> list[Finding]:
    """Python functions of more than 60 lines, their decorators and docstring not counted."""
    return [
        Finding(path, function.lineno, f"{function.name} has {lines} lines; at most {MAX_FUNCTION_LINES}")
        for function in _functions(source)
        if (lines := _line_count(function)) > MAX_FUNCTION_LINES
    ]


def many_parameters(path: str, source: str) -> list[Finding]:
    """Python functions with more than 7 parameters; `self`, `cls` and a command's options do not count."""
    return [
        Finding(path, function.lineno, f"{function.name} takes {count} parameters; at most {MAX_PARAMETERS}")
        for function in _functions(source)
        if (count := _parameter_count(function)) > MAX_PARAMETERS
    ]


def _functions(source: str) -> list[type_of_function]:
    return [node for node in nodes(source) if isinstance(node, type_of_function)]


def _line_count(function: type_of_function) -> int:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _parameter_count(function: type_of_function) -> int:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if named and named[0].arg in {"self", "cls"}:
        named = named[1:]
    named = [argument for argument in named if not _is_option(argument)]
    return len(named) + (arguments.vararg is not None) + (arguments.kwarg is not None)


def _is_option(argument: ast.arg) -> bool:
    """Its caller is a person who names the few that are wanted."""
    return argument.annotation is not None and "Option" in ast.unparse(argument.annotation)
