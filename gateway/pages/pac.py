"""The proxy auto-configuration file: AI hosts go through the gateway and never directly, everything else directly."""

import json
from collections.abc import Iterable


def script(hosts: Iterable[str], proxy_host: str, proxy_port: int) -> str:
    """The PAC script (JavaScript, for browsers). `hosts` are names, `*.` suffixes, or patterns with a `*` elsewhere.

    There is no fallback to a direct connection: when the gateway is away, AI services are away.
    """
    every = sorted({host.lower() for host in hosts})
    suffixes = [host[2:] for host in every if host.startswith("*.") and "*" not in host[2:]]
    globs = [host for host in every if "*" in host and host[2:] not in suffixes]
    exact = [host for host in every if "*" not in host]
    address = f"[{proxy_host}]:{proxy_port}" if ":" in proxy_host else f"{proxy_host}:{proxy_port}"
    return _SCRIPT % {
        "exact": json.dumps(dict.fromkeys(exact, 1)),
        "suffixes": json.dumps(dict.fromkeys(suffixes, 1)),
        "globs": json.dumps(globs),
        "proxy": json.dumps(f"PROXY {address}"),
    }


_SCRIPT = """\
var exact = %(exact)s;
var suffixes = %(suffixes)s;
var globs = %(globs)s;
function FindProxyForURL(url, host) {
  host = host.toLowerCase().replace(/\\.$/, "");
  if (exact.hasOwnProperty(host)) return %(proxy)s;
  for (var name = host; name; name = name.indexOf(".") < 0 ? "" : name.slice(name.indexOf(".") + 1)) {
    if (suffixes.hasOwnProperty(name)) return %(proxy)s;
  }
  for (var i = 0; i < globs.length; i++) {
    if (shExpMatch(host, globs[i])) return %(proxy)s;
  }
  return "DIRECT";
}
"""
