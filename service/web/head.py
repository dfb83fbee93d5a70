"""HEAD: whatever can be read by GET, with the same headers and without a body (RFC 9110, 9.3.2)."""

from litestar.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Outermost, so that cache, transaction and pages see a GET and need not know of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_no_body)  # type: ignore[arg-type]
