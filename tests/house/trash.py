"""Every statement over analyses asks whether they are in the trash: it names `trashed_at`, or is below."""

import re

from tests.house.finding import Finding
from tests.house.ownership import ADMIN, WORKER, statements

_READS = re.compile(r"\b(?:from|join|update|using)\s+analyses\b")
_ASKS = re.compile(r"\btrashed_at (?:is|=|<) ")

AFTER = "what it names was read as one that is not in the trash just before, in the same transaction"
ALL = "of all that there are, in the trash or not"
# A folder, a module, or a function of one: why its statements do not ask.
ALLOWED = {
    "src/ascension/analyses/queries.py:set_route": AFTER,
    "src/ascension/analyses/queries.py:set_tags": AFTER,
    "src/ascension/analyses/queries.py:set_choices": AFTER,
    "src/ascension/analyses/queries.py:has_active": ALL,
    "src/ascension/analyses/queries.py:note_uncounted_runs": ALL,
    "src/ascension/analyses/queries.py:delete_with_job": "what goes for good was in the trash, or not",
    "src/ascension/analyses/queries.py:list_of_video": ALL,
    "src/ascension/analyses/queries.py:get_input": WORKER,
    "src/ascension/analyses/queries.py:hold_clip": WORKER,
    "src/ascension/analyses/queries.py:store_result": WORKER,
    "src/ascension/analyses/corrections/queries.py:insert": AFTER,
    "src/ascension/analyses/corrections/queries.py:list_of": AFTER,
    "src/ascension/analyses/corrections/queries.py:count_of": AFTER,
    "src/ascension/analyses/corrections/queries.py:count_placed": AFTER,
    "src/ascension/analyses/corrections/queries.py:delete": AFTER,
    "src/ascension/analyses/corrections/queries.py:get_derivation": AFTER,
    "src/ascension/analyses/corrections/queries.py:set_job": AFTER,
    "src/ascension/analyses/corrections/queries.py:get_source": WORKER,
    "src/ascension/analyses/corrections/queries.py:store_corrected": WORKER,
    "src/ascension/analyses/corrections/queries.py:restore_original": WORKER,
    "src/ascension/coaching/queries.py:get_result": WORKER,
    "src/ascension/coaching/queries.py:store_wording": WORKER,
    "src/ascension/comparisons/queries.py:get": "whether both may be seen is asked behind it, of sharing",
    "src/ascension/comparisons/queries.py:list_of": "as with one of them",
    "src/ascension/comparisons/queries.py:get_source": WORKER,
    "src/ascension/operations/": ADMIN,
    "src/ascension/routes/queries.py:change": "a route's name is that of all its climbs, had back or not",
    "src/ascension/routes/removed/queries.py:remove": "as its name",
    "src/ascension/routes/removed/queries.py:restore": "as its name",
    "src/ascension/routes/queries.py:put_climb": AFTER,
    "src/ascension/exports/": "an archive holds what is in the trash, too",
    "src/ascension/retention/": "an account goes with its trash; the check knows its objects",
    "src/ascension/sharing/copy_queries.py": "links and coaches see it again once it is had back",
}


def unasked(path: str, source: str, constants: dict[str, str]) -> list[Finding]:
    """Statements that read or write analyses and do not ask, each with its function."""
    found = {
        function: line
        for function, line, text in statements(source, constants)
        if _READS.search(text) and not _ASKS.search(text)
    }
    return [
        Finding(path, line, f"{function}: analyses in the trash or not?") for function, line in found.items()
    ]
