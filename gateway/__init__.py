"""prompt-gateway: generative AI for Dutch municipalities, without residents' data leaving the building."""

__version__ = "0.1.0"
