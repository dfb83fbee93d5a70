"""The story's pictures, drawn beside the play, so that nobody waits for them."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from service.demo import drawing
from service.demo.story import Story


class Pictures:
    """By the key of the proposal or milestone."""

    def __init__(self, story: Story) -> None:
        pictures = [(one.key, one.picture) for one in story.proposals.values()]
        pictures += [(one.key, one.picture) for one in story.milestones]
        self._scenes = {key: picture.scene for key, picture in pictures if picture}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self._drawn: dict[str, Future[bytes]] = {}

    def __enter__(self) -> Self:
        self._drawn = {
            key: self._pool.submit(drawing.draw, key, scene) for key, scene in self._scenes.items()
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    async def take(self, key: str) -> bytes:
        """A PNG file."""
        return await asyncio.wrap_future(self._drawn[key])
