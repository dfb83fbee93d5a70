"""Where a person goes on after signing in: a page of ours, or the form they had sent before it was known who they are.

The form is carried in the sign-in pages themselves and kept nowhere else: a choice on a ballot in a table beside an address
would name a voter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from litestar.datastructures import FormMultiDict, UploadFile

from service.core.errors import msgid
from service.core.text import LANGUAGES, Language
from service.web import csrf
from service.web.visit import AnyRequest

OWN_PATH = re.compile(rf"/({'|'.join(LANGUAGES)})(/[A-Za-z0-9\-._~%!$&'()*+,;=:@/?#]*)?", re.ASCII)
LONGEST_PATH = 1_000
MOST_FIELDS = 300
MOST_CHARACTERS = 200_000

PATH_FIELD = "act_path"
FILES_FIELD = "act_without_files"
PREFIX = "act:"

TOO_LARGE_TO_CARRY = msgid(
    "What you sent is too large to be kept while you sign in. Go back in your browser, copy your text, sign in and send it again."
)


@dataclass(frozen=True, slots=True)
class Act:
    """A form as it was sent, to be sent again to the same address."""

    path: str
    fields: tuple[tuple[str, str], ...]
    without_files: bool

    def hidden_fields(self) -> Iterator[tuple[str, str]]:
        """For the sign-in pages: names and values from which `carried` makes it again."""
        yield PATH_FIELD, self.path
        if self.without_files:
            yield FILES_FIELD, "yes"
        for name, value in self.fields:
            yield PREFIX + name, value


def own_path(value: str) -> str:
    """The value where it is an address of one of our own pages, else nothing: no sign-in leads elsewhere."""
    return value if len(value) <= LONGEST_PATH and OWN_PATH.fullmatch(value) else ""


def sign_in_address(request: AnyRequest, language: Language) -> str:
    """The sign-in page that leads back to the page this visit asked for."""
    query = request.url.query
    path = own_path(request.url.path + (f"?{query}" if query else ""))
    first = f"/{language}/sign-in"
    if request.method != "GET" or not path or path.startswith(first):
        return first
    return f"{first}?{urlencode({'next': path})}"


def interrupted(request: AnyRequest) -> Act | None:
    """The form of this visit; None where it is too large to be carried."""
    form: FormMultiDict = request.state.sent_form
    fields = [(name, value) for name, value in form.multi_items() if name != csrf.FIELD]
    query = request.url.query
    return _act(request.url.path + (f"?{query}" if query else ""), fields)


def carried(form: FormMultiDict) -> Act | None:
    """The act in the fields of a sign-in page."""
    fields = [
        (name.removeprefix(PREFIX), value)
        for name, value in form.multi_items()
        if name.startswith(PREFIX) and isinstance(value, str)
    ]
    act = _act(str(form.get(PATH_FIELD, "")), fields)
    return Act(act.path, act.fields, without_files=FILES_FIELD in form) if act else None


def _act(path: str, fields: list[tuple[str, str | UploadFile]] | list[tuple[str, str]]) -> Act | None:
    texts = tuple((name, value) for name, value in fields if isinstance(value, str))
    size = sum(len(name) + len(value) for name, value in texts)
    if not own_path(path) or len(texts) > MOST_FIELDS or size > MOST_CHARACTERS:
        return None
    return Act(path, texts, without_files=any(_is_file(value) for _, value in fields))


def _is_file(value: str | UploadFile) -> bool:
    """A file field left empty is sent as a nameless file."""
    return isinstance(value, UploadFile) and bool(value.filename)
