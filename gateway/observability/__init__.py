"""What an operator sees: metrics, logs and health. Imports only the nouns; the proxy feeds it."""
