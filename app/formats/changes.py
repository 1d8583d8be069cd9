"""Changes as JSON, one a line, and as server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from app.domain.changes import Change

MEDIA_TYPE = "application/json"
STREAM_MEDIA_TYPE = "text/event-stream"


def item(change: Change) -> bytes:
    """A change as a JSON object on one line, with its event as that is written already."""
    told = {
        "seq": change.seq,
        "version": change.version,
        "known_at": change.known_at,
        "change": change.kind,
        "id": str(change.id),
        "revision": change.revision,
        "fields": change.fields,
        "matches": change.matches,
    }
    return b"".join((orjson.dumps(told)[:-1], b',"event":', change.event.encode(), b"}"))


def listed(changes: Iterable[Change], members: dict[str, object]) -> bytes:
    """Changes as one JSON object; `members` (links, where to go on) come before them."""
    head = orjson.dumps(members)
    return b"".join((head[:-1], b',"changes":[', b",".join(map(item, changes)), b"]}"))


def told(changes: Iterable[Change]) -> bytes:
    """Changes as server-sent events. The id of each is its place in the feed."""
    return b"".join(
        b"id: %d\nevent: %s\ndata: %s\n\n" % (change.seq, change.kind.encode(), _one_line(item(change)))
        for change in changes
    )


def opening(seq: int, *, retry_ms: int) -> bytes:
    """The beginning of a stream that goes on behind `seq`. The client comes back after `retry_ms`, should it break off.

    An id without data is no event, and is remembered all the same: who comes back before the first event misses nothing.
    """
    return b"retry: %d\nid: %d\n\n" % (retry_ms, seq)


def heartbeat(seq: int) -> bytes:
    """A comment, which lets nobody think that the line is dead, and the number up to which nothing more is to be told."""
    return b": still here\nid: %d\n\n" % seq


def _one_line(json: bytes) -> bytes:
    r"""JSON that is one line to those too who take more for ends of lines than the standard, as Python's `splitlines` does.

    >>> _one_line('"a\u2028b"'.encode())
    b'"a\\u2028b"'
    """
    for end in ("\x85", "\u2028", "\u2029"):
        json = json.replace(end.encode(), b"\\u%04x" % ord(end))
    return json
