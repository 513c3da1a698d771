"""XML as a tree, read without entities, network or DTD."""

from lxml import etree

from gateway.documents.content import UnreadError
from gateway.model.inspection import GapKind


def parse_xml(content: bytes) -> etree._Element:
    """Parses without entities, network or DTD; raises `UnreadError` for broken XML and for declared entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadError(GapKind.UNREADABLE, "broken-xml") from error
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and list(subset.entities()):
        raise UnreadError(GapKind.UNREADABLE, "xml-entities")
    return root


def local_name(node: etree._Element) -> str:
    """The tag without its namespace; "" for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def around(root: etree._Element) -> list[str]:
    """Comments and instructions before and after the root element."""
    beside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    return [node.text.strip() for node in beside if node.text and node.text.strip()]
