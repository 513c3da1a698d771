"""Text → findings: a normalised reading, one registry of Presidio recognizers, our own linear loop over them."""
