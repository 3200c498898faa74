"""In which encoding a text is: the five that spreadsheets write, told apart by plausibility.

A general detector was tried and gave cp1250, Icelandic or Greek for short Portuguese lists; among
five, counting what people really write is both simpler and right.
"""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from django.utils.translation import gettext as _

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "mac-roman": "Mac Roman",
}
"""Python's names, and what people call them."""

BLOCK = 1 << 16
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_ESCAPED = re.compile("[\udc80-\udcff]")
_HIGH = re.compile(rb"[\x20-\x7e]?[\x80-\xff]+[\x20-\x7e]?")
_MOST_SNIPPETS = 5000
_COMMON = frozenset("áàâãäåæçéèêëíìîïñóòôõöøœúùûüýÿß")
_SIGNS = frozenset("ªº°™®©²³µ±×½¼¾”“’‘–—…•€£§·«»")  # noqa: RUF001


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text is one sentence for the person who chose it."""


def start_of_text(stream: BinaryIO, encoding: str) -> None:
    """Put `stream` where the text begins: behind the byte order mark, if there is one."""
    stream.seek(0)
    mark = _MARKS.get(encoding, b"")
    if stream.read(len(mark)) != mark:
        stream.seek(0)


def guess(stream: BinaryIO) -> str:
    """Return the most plausible of `ENCODINGS`; the whole file is looked at."""
    stream.seek(0)
    first = stream.read(BLOCK)
    for encoding, mark in _MARKS.items():
        if first.startswith(mark):
            return encoding
    if wide := _utf_16(first):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    snippets: list[bytes] = []
    stream.seek(0)
    while block := stream.read(BLOCK):
        text = decoder.decode(block)
        if text.isascii():
            continue
        wrong = len(_ESCAPED.findall(text))
        bad += wrong
        good += sum(map(text.count, set(text) - _ASCII)) - wrong
        if len(snippets) < _MOST_SNIPPETS:
            snippets += _HIGH.findall(block)
    bad += len(decoder.decode(b"", final=True))
    if good >= bad:  # what is wrong in it, if anything, is damage, and `check` names the line
        return "utf-8"
    sample = b"\n".join(snippets)
    return max(("cp1252", "mac-roman"), key=lambda name: _plausibility(sample, name))


_ASCII = frozenset(map(chr, range(128)))


def _utf_16(block: bytes) -> str:
    """Tell UTF-16 without a mark by where its zero bytes are."""
    half = len(block) // 2
    even, odd = block[::2].count(0), block[1::2].count(0)
    if odd * 2 > half and even * 10 < odd:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > half and odd * 10 < even else ""


def _plausibility(sample: bytes, encoding: str) -> int:
    """Rate how much `sample`, read in an encoding, looks like what people write."""
    text = f" {sample.decode(encoding, errors='replace')} "
    rating = 0
    for at, c in enumerate(text[1:-1], start=1):
        if c < "\x80":
            continue
        before, after = text[at - 1], text[at + 1]
        if c == "\ufffd" or "\x80" <= c <= "\x9f":
            rating -= 10
        elif c.isupper():
            rating += -3 if before.islower() else 2 * (c.lower() in _COMMON)
        elif c.islower() and after.isupper():
            rating -= 3
        elif c in _COMMON:
            rating += 3 if before.isalpha() or after.isalpha() else 1
        elif c in _SIGNS:
            rating += 1
        else:
            rating -= 1 + (before.isalpha() and after.isalpha())
    return rating


def check(stream: BinaryIO, encoding: str) -> bool:
    """Raise `UnreadableFile`, naming the line, where a byte is not of the encoding.

    Returns whether there is a NUL character anywhere in the text.
    """
    start_of_text(stream, encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, has_nul, last = 1, False, ""
    while True:
        block = stream.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            before = bytes(error.object)[: error.start].decode(encoding)
            bad = {
                "line": line + _ends(last + before),
                "byte": f"{error.object[error.start]:02X}",
                "encoding": ENCODINGS[encoding],
            }
            sentence = _(
                "Line %(line)s is not %(encoding)s (byte 0x%(byte)s): choose another encoding, or"
                " save the file as “CSV UTF-8”."
            )
            raise UnreadableFile(sentence % bad) from error
        if not block:
            return has_nul
        has_nul = has_nul or "\0" in text
        text = last + text
        last = "\r" if text.endswith("\r") else ""  # half of a line end, perhaps
        line += _ends(text[: len(text) - len(last)])


def _ends(text: str) -> int:
    """Count line ends: LF, CRLF or CR."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
