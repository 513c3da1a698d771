"""The proxy: the only room that imports mitmproxy. It decides what to open, walks each AI request through the
rooms, and lets nothing of it leave before the verdict."""
