"""One module per wire format: each reads a source (bytes or text) into a `Layer` of slots, or says it cannot."""
