"""What the body of a request must be: sound JSON, of text that the database can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SoundJSONParser(JSONParser):
    """JSON that is not nested beyond reason, without NUL characters and halves of characters."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says; raise `ParseError` otherwise."""
        try:
            data = super().parse(stream, media_type, parser_context)
            for text in _texts(data):
                if "\x00" in text:
                    raise ParseError(_("Text must not hold NUL characters."), "nul")
                text.encode()
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            sentence = _("Text must not hold halves of surrogate pairs.")
            raise ParseError(sentence, "lone_surrogate") from error
        return data


def _texts(node: Any) -> Iterator[str]:
    """Yield every text in a document, and every name of a field."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)
