"""Requests made from the API's own description, sent to a running API; every answer is held against it."""

from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import Response
from schemathesis.cli import EventHandler, handler
from schemathesis.cli import schemathesis as command
from schemathesis.engine import Status
from schemathesis.engine.events import EngineEvent, ScenarioFinished

from tests.conftest import Engines
from tests.fuzz.ledger import Ledger
from tests.fuzz.people import People
from tests.platform import Programs

LIBRARY: Any = schemathesis
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
ALL_PHASES = "examples,coverage,fuzzing,stateful"
SETTINGS = {
    "ACCESS_TOKEN_TTL_S": "7200",
    "UPLOAD_MAX_UNSAVED": "100000",
    "JOB_MAX_REPEATED_PER_USER": "100000",
}
"""What is bounded by time or number is tried elsewhere: here it would end most calls at the same place."""


def fuzz(engines: Engines, folder: Path, *, cases: int, seed: int, phases: str = ALL_PHASES) -> Ledger:
    """At least so many cases, in as many rounds as it takes; the seed of each is one more.

    The logs of the API lie in `folder` afterwards.
    """
    programs, ledger = Programs(engines, folder), Ledger()
    try:
        _, url = programs.api(**SETTINGS)
        introduce(People(engines, url))
        listen(ledger)
        while (before := ledger.cases) < cases:
            one_round(url, cases - before, seed, phases)
            assert ledger.cases > before, "a round without a case"
            seed += 1
    finally:
        programs.end()
    return ledger


def one_round(url: str, cases: int, seed: int, phases: str) -> None:
    """All operations once; prints what schemathesis says, with a command that repeats each finding."""
    words = ["--config-file", CONFIGURATION, "run", f"{url}/api/v1/openapi.json", "--url", url]
    words += ["--seed", seed, "--max-examples", max(2, cases // 150), "--phases", phases]
    ended = None
    try:
        command.main([str(word) for word in words], standalone_mode=False)
    except SystemExit as end:
        ended = end.code
    assert ended in (None, 0, 1), f"schemathesis ended with {ended}: not by what it found"


def introduce(people: People) -> None:
    """Say to schemathesis who calls, and what there is to name."""

    class Caller:
        def get(self, case: Any, _context: object) -> str:
            return people.token_for(case.operation.label)

        def set(self, case: Any, data: str, _context: object) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    def map_path_parameters(_context: object, path_parameters: object) -> object:
        return people.made_real(path_parameters)

    def before_call(_context: object, case: Any, _options: object) -> None:
        if case.method == "DELETE":
            case.path_parameters = people.spared(case.path_parameters)

    def map_body(_context: object, body: object) -> object:
        return people.made_real(body)

    LIBRARY.auth(refresh_interval=None, retry_on=[])(Caller)
    LIBRARY.hook(map_path_parameters)
    LIBRARY.hook(map_body)
    LIBRARY.hook(before_call)


def listen(ledger: Ledger) -> None:
    """Have schemathesis say what came back, and what is wrong with it."""

    def after_call(_context: object, case: Any, response: Response) -> None:
        ledger.answered(case.operation.label, response.status_code)

    def after_network_error(_context: object, case: Any, _request: object) -> None:
        ledger.lost[case.operation.label] += 1

    class Findings(EventHandler[Any]):
        def handle_event(self, ctx: object, event: EngineEvent) -> None:
            del ctx
            recorder: Any = event.recorder if isinstance(event, ScenarioFinished) else None
            for case_id, checks in recorder.checks.items() if recorder else ():
                for one in checks:
                    if one.status is Status.FAILURE:
                        ledger.found(recorder.cases[case_id].value.operation.label, one.name)

    LIBRARY.hook(after_call)
    LIBRARY.hook(after_network_error)
    handler()(Findings)
