"""How a page is laid out: its lines in their order, and the boxes that hold them.

One walk over the tree makes both. A box knows which lines it holds as a range, so that
whatever is counted over lines is known for every box by two look-ups in a running sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from scrapers.articles.naming import Role, role_of
from scrapers.text.plain import BLOCKS, CELLS, UNSEEN

# No page for readers has so many; those that do are cut off.
_MOST_BOXES = 30_000
_MOST_LINES = 20_000
_BOXES = BLOCKS | CELLS
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(slots=True, eq=False)
class Box:
    """An element that lines begin and end with.

    Attributes:
        element: the element.
        tag: its name.
        parent: the box around it, None for the outermost.
        depth: how many boxes are around it.
        role: what its name says it is for.
        first: number of its first line.
        last: number of the line behind its last one.
        pictures: how many pictures it holds.
    """

    element: etree._Element
    tag: str
    parent: Box | None
    depth: int
    role: Role
    first: int
    last: int = 0
    pictures: int = 0


@dataclass(slots=True, eq=False)
class Line:
    """A piece of text that stands alone on the page.

    Attributes:
        text: its words, with single spaces.
        box: the innermost box around it.
        linked: how many of its characters are links.
    """

    text: str
    box: Box
    linked: int

    @property
    def is_heading(self) -> bool:
        """Whether it is marked as a heading."""
        return self.box.tag in _HEADINGS

    @property
    def is_link(self) -> bool:
        """Whether it is mostly a link."""
        return 2 * self.linked > len(self.text)


@dataclass(slots=True)
class Layout:
    """The lines and boxes of a page, each in the order in which they begin."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def sums(self, worth: list[float]) -> list[float]:
        """Return for each box, in their order, the sum of ``worth`` over its lines."""
        running = [0.0, *accumulate(worth)]
        return [running[box.last] - running[box.first] for box in self.boxes]


def lay_out(root: etree._Element) -> Layout:
    """Return the layout of a tree."""
    surveyor = _Surveyor(root)
    surveyor.walk()
    return surveyor.layout


class _Surveyor:
    """Walks over a tree and notes lines and boxes."""

    def __init__(self, root: etree._Element) -> None:
        self.layout = Layout()
        self._root = root
        self._box = Box(root, str(root.tag), None, 0, Role.PLAIN, 0)
        self.layout.boxes.append(self._box)
        self._pieces: list[str] = []
        self._links = 0
        self._linked = 0
        self._pictures = 0

    def walk(self) -> None:
        events = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in events:
            if event == "end":
                self._leave(element)
            elif element.tag in UNSEEN:
                events.skip_subtree()
            elif len(self.layout.lines) < _MOST_LINES:
                self._enter(element)
            else:
                break
        while self._box.parent is not None:
            self._close(self._box.parent)
        self._end_line()
        self._box.last = len(self.layout.lines)

    def _enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "a":
            self._links += _leads_on(element)
        elif tag == "br":
            self._end_line()
        elif tag == "img":
            self._pictures += 1
        elif element is not self._root:
            self._open(element, tag)
        if text := element.text:
            self._say(text)

    def _leave(self, element: etree._Element) -> None:
        box = self._box
        if element.tag == "a":
            self._links -= _leads_on(element)
        elif element is box.element and box.parent is not None:
            self._close(box.parent)
        if (text := element.tail) and element is not self._root:
            self._say(text)

    def _open(self, element: etree._Element, tag: str) -> None:
        role = role_of(element)
        named = role is not Role.PLAIN or tag in _BOXES
        if named and len(self.layout.boxes) < _MOST_BOXES:
            self._end_line()
            depth, first = self._box.depth + 1, len(self.layout.lines)
            self._box = Box(element, tag, self._box, depth, role, first, pictures=-self._pictures)
            self.layout.boxes.append(self._box)

    def _close(self, parent: Box) -> None:
        self._end_line()
        self._box.last = len(self.layout.lines)
        self._box.pictures += self._pictures
        self._box = parent

    def _say(self, text: str) -> None:
        self._pieces.append(text)
        if self._links:
            self._linked += len(text.strip())

    def _end_line(self) -> None:
        if not self._pieces:
            return
        if text := " ".join("".join(self._pieces).split()):
            self.layout.lines.append(Line(text, self._box, self._linked))
        self._pieces.clear()
        self._linked = 0


def _leads_on(anchor: etree._Element) -> bool:
    """Say whether an anchor is a link; else it is a place on the page, and often never ended."""
    return "href" in anchor.attrib or not ("name" in anchor.attrib or "id" in anchor.attrib)
