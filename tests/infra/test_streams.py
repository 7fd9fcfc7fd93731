"""The door to the queue, on the event loop that the API runs on."""

import asyncio

import uvloop

from ascension.infra.streams import Streams, StreamsUnavailable
from tests.chaos.proxy import Door
from tests.conftest import Engines


def test_a_connection_that_broke_in_the_pool_is_an_outage_and_no_surprise(engines: Engines) -> None:
    """Its RuntimeError stands where asyncio writes to nobody: that was a 500 after the commit."""

    async def break_and_ask() -> list[str]:
        port = engines.stack.valkey.port
        door = Door(port)
        await door.open()
        streams = Streams(engines.redis_url.replace(f":{port}", f":{door.port}"))
        said: list[str] = []
        for _ in range(3):
            await asyncio.gather(*(streams.ping() for _ in range(4)), return_exceptions=True)
            await door.switch("reset")
            await asyncio.sleep(0.1)  # until the loop has noticed
            for _ in range(6):
                try:
                    await streams.ping()
                except StreamsUnavailable as error:
                    said.append(str(error))
            await door.switch("pass")
        await streams.ping()
        await streams.close()
        await door.close()
        return said

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        said = runner.run(break_and_ask())
    assert any("handler is closed" in one for one in said), "the library has changed: the rule may go"
