"""The worker's side of a language model: after a job it is asked to word the first findings of each attempt.

Nobody waits for it: the rules' advice can be read before. What is not answered when the worker stops is not
asked again; the rules' sentences stay.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from ascension.accounts.choices import LANGUAGES, Language
from ascension.coaching import queries
from ascension.coaching.language_model import LanguageModel, reworded
from ascension.coaching.model_wording import Wording, digest_of
from ascension.errors.http import DatabaseUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger
from ascension.jobs.queries import Job

MOST_WAITING: Final = 200
MOST_SENTENCES: Final = 12
"""Of one analysis, those of its first attempts: an answer has room for so many."""


class Rewording:
    """Analyses whose advice is to be worded, one after the other; without a model none ever is."""

    def __init__(self, database: Database, model: LanguageModel | None) -> None:
        self._database = database
        self._model = model
        self._waiting: asyncio.Queue[UUID] = asyncio.Queue(MOST_WAITING)

    def ask_for(self, job: Job) -> None:
        """Word the advice on its analysis some time; not at all while too many wait."""
        if self._model is None:
            return
        try:
            self._waiting.put_nowait(job.subject_id)
        except asyncio.QueueFull:
            get_logger().warning("rewording_dropped", waiting=MOST_WAITING)

    async def run(self) -> None:
        """Until canceled."""
        while True:
            analysis_id = await self._waiting.get()
            try:
                if self._model is not None:
                    await reword(self._database, self._model, analysis_id)
            except DatabaseUnavailable:
                get_logger().warning("rewording_dropped", waiting=self._waiting.qsize())


async def reword(database: Database, model: LanguageModel, analysis_id: UUID) -> None:
    """Store what the model made of the first findings, in every language; of failures nothing is stored."""
    async with database.transaction() as tx:
        data = await queries.get_result(tx.connection, analysis_id)
    if data is None:
        return
    rules = await asyncio.to_thread(_first_sentences, data)
    for language, sentences in rules.items():
        async with database.transaction() as tx:
            stored = await queries.get_wording(tx.connection, analysis_id, language)
        known = _still_true(stored, model, sentences)
        missing = [one for one in sentences if digest_of(one) not in known]
        told = await reworded(model, missing, language)
        if told:
            said = known | {digest_of(rule): new for rule, new in told.items()}
            async with database.transaction() as tx:
                await queries.store_wording(
                    tx.connection, analysis_id, language, model=model.name, sentences=said
                )


def _first_sentences(data: bytes) -> Mapping[Language, list[str]]:
    from ascension.coaching.reading import first_sentences

    return {language: first_sentences(data, language)[:MOST_SENTENCES] for language in LANGUAGES}


def _still_true(stored: Wording | None, model: LanguageModel, sentences: list[str]) -> dict[str, str]:
    """What this model has worded before and is still said: after a correction most of it."""
    if stored is None or stored.model != model.name:
        return {}
    digests = {digest_of(one) for one in sentences}
    return {digest: said for digest, said in stored.sentences.items() if digest in digests}
