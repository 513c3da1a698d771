"""Fixtures every room's tests may use."""

import os
import shutil

import pytest


def require_tool(command: str) -> str:
    """The path of a program a test drives; skips the test where it is missing, and fails it in CI."""
    path = shutil.which(command, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if path:
        return path
    reason = f"{command} is not installed (.ci/system-tools installs it)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def tool() -> object:
    """`tool("promtool")` gives the path of a program, or skips."""
    return require_tool
