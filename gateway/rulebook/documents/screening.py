"""`screening/v1`: a municipality's own decision about a tool of the register, apart from the tool's wire format."""

from typing import Literal

from pydantic import Field

from gateway.rulebook.documents.common import Document, DocumentId
from gateway.rulebook.documents.tool import Screening, Tool, Use


class ToolScreening(Document):
    """Takes the place of the same fields of the tool file, so that wire formats can be renewed without touching it.

    `prompt-gateway tools decide` writes it. The evidence that a tool file must show holds here as well.
    """

    kind: Literal["screening/v1"]
    tool: DocumentId
    screening: Screening
    use: Use = Use()
    ai_act: dict[str, str] = Field(default_factory=dict)
    contract: dict[str, str] = Field(default_factory=dict)
    owner: str = ""
    contacts: dict[str, str] = Field(default_factory=dict)
    algorithm_register: dict[str, str] = Field(default_factory=dict)

    def over(self, tool: Tool) -> Tool:
        """The tool under this decision; what is left out here stays as the tool file has it."""
        decided = self.model_fields_set & set(Tool.model_fields) - {"kind"}
        return tool.model_copy(update={name: getattr(self, name) for name in decided})
