"""How the Web API refuses: a code in Slack's own words, and what goes with it."""

from typing import Any


class ApiError(Exception):
    """The Web API refuses a call."""

    def __init__(self, code: str, *messages: str, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(code, *messages)
        self.code, self.messages, self.retry_after, self.more = code, messages, retry_after, more

    @property
    def status(self) -> int:
        """The HTTP status: 429 for what is too fast, else 200."""
        return 200 if self.retry_after is None else 429

    def answer(self) -> dict[str, Any]:
        """Return the whole answer as the server sends it."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            if self.code == "invalid_blocks":
                body["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


def too_fast(seconds: int) -> ApiError:
    """Return the 429 that asks to wait so long."""
    return ApiError("ratelimited", retry_after=seconds)
