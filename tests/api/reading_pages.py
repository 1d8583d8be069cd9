"""Reading pages in tests, as strictly as no browser does: what is open must be closed, and nothing may be loaded from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

from httpx import AsyncClient, Response

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}

_VOID = {"meta", "link", "br", "rect"}
_DRAWN = {"path", "rect"}
_PHRASING = {"p", "h1", "h2", "dt", "small", "a", "b", "bdi", "code", "caption", "th"}
"""Within these there is text, and no blocks."""
_BLOCKS = {
    "p",
    "h1",
    "h2",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "div",
    "figure",
    "blockquote",
    "main",
    "nav",
}


class Page(HTMLParser):
    """A page, checked while it is read: `text` is what a reader sees, `links` the addresses of its anchors by their text."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._said: list[str] = []
        assert written.startswith("<!doctype html>\n")
        self.feed(written)
        self.close()
        assert not self._open, self._open
        self.text = " ".join("".join(self._said).split())
        self._check()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, dict(attrs)))
        around = {name for name, _ in self._open}
        assert not (tag in _BLOCKS and around & _PHRASING), (tag, self._open)
        assert not (tag == "a" and "a" in around), "a link in a link"
        if tag in _BLOCKS | {"li", "tr", "td", "th", "dt", "dd"}:
            self._said.append(" ")
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("href") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _DRAWN, f"<{tag}/> closes itself in SVG alone"
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open[-1][0] == tag, (tag, self._open)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = [name for name, _ in self._open]
        if "style" in inside or "title" in inside:
            return
        self._said.append(data)
        for name, href in self._open:
            if name == "a" and data.strip():
                self.links[" ".join(data.split())] = href

    def _check(self) -> None:
        ids = [str(one["id"]) for _, one in self.tags if "id" in one]
        assert len(ids) == len(set(ids)), ids
        loaded = {"script", "img", "iframe", "object", "embed", "audio", "video", "form", "base", "input"}
        assert not loaded & {tag for tag, _ in self.tags}
        assert all(one.get("rel") == "alternate" for one in self.all("link"))
        assert not [
            one for _, one in self.tags if any(name.startswith("on") or name == "src" for name in one)
        ]
        for one in self.all("a"):
            assert str(one["href"]).startswith(("http://", "https://", "#")), one
            assert str(one["href"]).startswith(("http://sitrep.test", "#")) or "noreferrer" in str(
                one["rel"]
            ), one
        assert self.all("html") == [{"lang": "en"}]
        for landmark in ("header", "main", "footer", "h1", "title"):
            assert len([tag for tag, _ in self.tags if tag == landmark]) >= 1, landmark
        assert len(self.all("main")) == len(self.all("h1")) == 1
        assert all(one.get("aria-label") for one in self.all("nav"))
        assert len(self.all("table")) == len(self.all("caption"))
        assert all(one.get("scope") == "col" for one in self.all("th"))
        for one in self.all("svg"):
            assert one.get("aria-label") or one.get("aria-hidden"), "a drawing without a name"


async def opened(client: AsyncClient, address: str, **asked: str) -> Page:
    """A page as a browser gets it, checked."""
    return read(await client.get(address, params=asked or None, headers=BROWSER))


def read(answer: Response) -> Page:
    """A page, checked with its headers."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "url(http" not in answer.text
    assert "@import" not in answer.text
    return Page(answer.text)
