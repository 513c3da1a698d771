"""mitmproxy flow files as recordings, for `dissect`."""

import io

from mitmproxy import exceptions, http
from mitmproxy.io import FlowReader

from gateway.errors import WireError
from gateway.proxy.messages import frame_of, message_of
from gateway.wire.recordings import Recording


def looks_like_flows(content: bytes) -> bool:
    """Whether this is a flow file: netstrings, the first of which is a dictionary."""
    length, colon, _ = content[:24].partition(b":")
    return bool(colon) and length.isdigit() and not content.lstrip().startswith((b"{", b"["))


def read_flows(content: bytes) -> tuple[Recording, ...]:
    """The recordings of a flow file, one per HTTP flow; raises `WireError` when it is damaged."""
    try:
        flows = [flow for flow in FlowReader(io.BytesIO(content)).stream() if isinstance(flow, http.HTTPFlow)]
    except (exceptions.FlowReadException, ValueError, TypeError, KeyError) as error:
        raise WireError("the flow file is damaged or of another mitmproxy version") from error
    return tuple(_recording(number, flow) for number, flow in enumerate(flows))


def _recording(number: int, flow: http.HTTPFlow) -> Recording:
    frames = flow.websocket.messages if flow.websocket else ()
    sent = tuple(frame_of(flow, frame) for frame in frames if frame.from_client)
    return Recording(f"flow-{number}", (message_of(flow), *sent))
