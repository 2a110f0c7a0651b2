"""What of an SVG may stand in a page."""

from html import escape
from xml.parsers import expat

SHAPES = (
    "svg g path rect line circle ellipse polyline polygon text tspan title desc image defs clipPath "
    "linearGradient radialGradient stop"
)
LOOKS = (
    "id role aria-labelledby viewBox width height x y x1 y1 x2 y2 cx cy r rx ry dx dy d points transform "
    "fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin "
    "stroke-miterlimit opacity display visibility text-anchor dominant-baseline font-family font-size "
    "font-weight font-style clip-path gradientUnits offset stop-color stop-opacity preserveAspectRatio "
    "image-rendering xmlns"
)
ELEMENTS, ATTRIBUTES = frozenset(SHAPES.split()), frozenset(LOOKS.split())
PICTURE = "data:image/png;base64,"
NAMESPACE = "http://www.w3.org/2000/svg"


def inert(svg: str) -> str:
    """The SVG with nothing left in it but shapes, words and embedded pictures.

    Elements and attributes that are not known to be harmless go, and so do style attributes,
    which the page's policy forbids.

    Raises:
        xml.parsers.expat.ExpatError: when it is not well-formed.

    >>> inert('<svg onload="x()"><script>x()</script><text x="1">a &lt; b</text></svg>')
    '<svg><text x="1">a &lt; b</text></svg>'
    """
    writer = _Writer()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.words
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(svg.encode(), True)  # noqa: FBT003 - expat takes it by position only
    return "".join(writer.parts)


def _refuse_entity(*_: object) -> None:
    raise expat.ExpatError("A picture has no use for entities.")


class _Writer:
    """Writes what a parser reads, leaving out what is not on the lists."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._forbidden = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._forbidden or tag not in ELEMENTS:
            self._forbidden += 1
            return
        kept = {name: value for name, value in attributes.items() if _allowed(name, value)}
        if "image-rendering:pixelated" in attributes.get("style", "").replace(" ", ""):
            kept["image-rendering"] = "pixelated"
        words = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        self.parts.append(f"<{tag}{words}>")

    def end(self, tag: str) -> None:
        if self._forbidden:
            self._forbidden -= 1
            return
        self.parts.append(f"</{tag}>")

    def words(self, text: str) -> None:
        if not self._forbidden:
            self.parts.append(escape(text, quote=False))


def _allowed(name: str, value: str) -> bool:
    if name in {"href", "xlink:href"}:
        return value.startswith(PICTURE)
    if name == "role":
        return value == "img"
    if name == "xmlns":
        return value == NAMESPACE
    return name in ATTRIBUTES and ("url(" not in value or value.startswith("url(#"))
