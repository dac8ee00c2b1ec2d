"""What is said where a call cannot be answered: one shape for all of it, RFC 9457, with a plain sentence in it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

CONTENT_TYPE = "application/problem+json"


class Wrong(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(extra="forbid")

    where: str = Field(description="The field, or the parameter.")
    what: str = Field(description="What is wrong with it.")


class ProblemAnswer(BaseModel):
    """Why a call was not answered."""

    model_config = ConfigDict(extra="forbid", title="Problem")

    type: str = Field(default="about:blank", description="Always `about:blank`: the status says which kind it is.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong, in a sentence for people.")
    reason: str = Field(
        default="", description="What was refused, in a word for programs; empty where the status says it."
    )
    wrong: list[Wrong] = Field(default_factory=list, description="Each thing that is wrong with what was sent.")


class Problem(Exception):
    """A call that is not answered; the sentence says what to do about it."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        reason: str = "",
        wrong: Sequence[Wrong] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.headers = status, dict(headers or {})
        self.answer = ProblemAnswer(title=status.phrase, status=status, detail=detail, reason=reason, wrong=list(wrong))

    def response(self) -> web.Response:
        """Return it as it is answered."""
        headers = {**self.headers, "Content-Type": CONTENT_TYPE}
        return web.Response(status=self.status, body=self.answer.model_dump_json(), headers=headers)
