"""The letter that invites a coach: in their language, with a link that works for their address alone."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from ascension.accounts.choices import Language
from ascension.accounts.composing import compose
from ascension.accounts.mail.queries import QueuedLetter
from ascension.infra.database.primary import Database
from tests.conftest import Engines
from tests.platform import Climber


@pytest.mark.parametrize(("language", "word"), [("en", "coach them"), ("fr", "son coach")])
async def test_its_link_lets_whom_it_was_sent_to_accept(
    language: Language, word: str, engines: Engines, climber: Climber, stranger: Climber
) -> None:
    invited = (await climber.post("/api/v1/coaches", {"email": stranger.email})).json()
    assert invited["is_sent"] is False, "this platform sends no letters"
    subject_id = UUID(invited["id"])
    queued = QueuedLetter(
        subject_id, "coach_invitation", stranger.email, language, subject_id, datetime.now(UTC), 1, False
    )
    async with (
        Database(engines.api_url, pool_size=1, application="test") as database,
        database.transaction() as tx,
    ):
        letter = await compose(tx, queued, "https://climbs.example.org")
    assert letter is not None
    assert word in letter.subject
    assert climber.user["display_name"] not in letter.text, "no words of a stranger"
    token = letter.text.partition("https://climbs.example.org/coach#")[2].split()[0]
    assert (await climber.post("/api/v1/climbers", {"token": token})).status_code == 403
    assert (await stranger.post("/api/v1/climbers", {"token": token})).status_code == 201
