"""HTML that people read: one layout, and the notice page. Shared by enforcement and portal; knows only `model`."""
