"""What in a new OpenAPI document would break programs that were written for an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
OWN = ("/api/", "/accounts/api/")
"""Where our own operations are; others are a library's."""


def breaks(old: Document, new: Document) -> list[str]:
    """Return in sentences what would break, nothing where the version of the API has changed."""
    if old["info"]["version"] != new["info"]["version"]:
        return []
    return list(_Comparison(old, new).operations())


class _Comparison:
    """Walks two documents side by side; `where` says where, `sent` whether programs send it."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def operations(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method, before in item.items() if path.startswith(OWN) else ():
                where, after = f"{method} {path}", self.new["paths"].get(path, {}).get(method)
                if after is None:
                    yield f"{where} is gone"
                else:
                    yield from self._parameters(before, after, where)
                    yield from self._bodies(before, after, where)

    def _parameters(self, before: Document, after: Document, where: str) -> Iterator[str]:
        olds, news = (
            {(each["in"], each["name"]): each for each in operation.get("parameters", [])}
            for operation in (before, after)
        )
        for key, new in news.items():
            old = olds.get(key, {})
            if new.get("required") and not old.get("required"):
                yield f"{where}: {key[1]} is required now"
        for key, old in olds.items():
            if key not in news:
                yield f"{where}: {key[1]} is gone"
            else:
                place = f"{where}: {key[1]}"
                yield from self._schemas(old["schema"], news[key]["schema"], place, sent=True)

    def _bodies(self, before: Document, after: Document, where: str) -> Iterator[str]:
        old, new = before.get("requestBody"), after.get("requestBody")
        if new and new.get("required") and not (old or {}).get("required"):
            yield f"{where}: a body is required now"
        if old and new:
            yield from self._contents(old, new, f"{where}: sent", sent=True)
        for status, answer in before["responses"].items():
            if status.startswith("2"):
                place = f"{where}: {status}"
                if status not in after["responses"]:
                    yield f"{place} is gone"
                else:
                    yield from self._contents(answer, after["responses"][status], place, sent=False)

    def _contents(self, old: Document, new: Document, where: str, *, sent: bool) -> Iterator[str]:
        for kind, content in old.get("content", {}).items():
            if kind not in new.get("content", {}):
                yield f"{where}: {kind} is gone"
            else:
                schema = new["content"][kind]["schema"]
                yield from self._schemas(content["schema"], schema, where, sent=sent)

    def _schemas(self, old: Document, new: Document, where: str, *, sent: bool) -> Iterator[str]:
        pair = (str(old.get("$ref")), str(new.get("$ref")), sent)
        if "$ref" in old:
            if pair in self.seen:
                return
            self.seen.add(pair)
        old, new = _whole(self.old, old), _whole(self.new, new)
        if old.get("type") != new.get("type"):
            yield f"{where}: was {old.get('type')}, is {new.get('type')}"
        if sent and "enum" in new and not set(old.get("enum", [...])) <= set(new["enum"]):
            yield f"{where}: fewer choices"
        if not sent and old.get("nullable", False) < new.get("nullable", False):
            yield f"{where}: may be null now"
        if sent:
            for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
                yield f"{where}.{name} is required now"
        for name, schema in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{where}.{name} is gone"
            else:
                after = new["properties"][name]
                yield from self._schemas(schema, after, f"{where}.{name}", sent=sent)
        if "items" in old and "items" in new:
            yield from self._schemas(old["items"], new["items"], f"{where}[]", sent=sent)


def _whole(document: Document, schema: Document) -> Document:
    """Return a schema with what it refers to and what it is put together from."""
    if "$ref" in schema:
        node: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        return _whole(document, node)
    whole = {name: value for name, value in schema.items() if name not in {"allOf", "oneOf"}}
    for part in [*schema.get("allOf", []), *schema.get("oneOf", [])]:
        for name, value in _whole(document, part).items():
            if name in {"enum", "required"}:
                whole[name] = [*whole.get(name, []), *value]
            elif name == "properties":
                whole[name] = whole.get(name, {}) | value
            else:
                whole.setdefault(name, value)
    return whole
