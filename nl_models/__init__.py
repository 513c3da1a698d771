"""Dutch name detection that runs on a CPU without a network: a lexicon, model A (spaCy) and model B (ONNX).

load_lexicon()         names, streets, places, how ordinary a word is
load_pipeline()        model A for all traffic; any local spaCy folder may take its place
load_second_opinion()  model B for prompts; None when it is not installed
"""

from nl_models.errors import ModelError
from nl_models.lexicon import Lexicon, load_lexicon
from nl_models.pipeline import load_pipeline
from nl_models.second_opinion import SecondOpinion, Span, load_second_opinion

__all__ = ["Lexicon", "ModelError", "SecondOpinion", "Span", "load_lexicon", "load_pipeline", "load_second_opinion"]
