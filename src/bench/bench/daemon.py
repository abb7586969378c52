"""A minimal client of the LXD and Incus REST interface: the least that any program has to send and receive.

Protocol: https://documentation.ubuntu.com/lxd/ (REST API, "exec" through websockets) and RFC 6455.
"""
import base64
import contextlib
import http.client
import json
import os
import select
import socket
import struct
from pathlib import Path


class DaemonError(Exception):
    """The daemon refused a request, or broke the protocol."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = _connect(self.path)


def _connect(path: str) -> socket.socket:
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(60)
    s.connect(path)
    return s


def find_socket(environment=os.environ) -> str | None:
    """The daemon's socket: from the environment, else the usual places; None if there is no socket."""
    candidates = [environment.get("CODCHI_LXD_SOCKET"), environment.get("INCUS_SOCKET"), environment.get("LXD_SOCKET")]
    for variable in ("INCUS_DIR", "LXD_DIR"):
        if environment.get(variable):
            candidates.append(environment[variable] + "/unix.socket")
    candidates += ["/run/incus/unix.socket", "/var/lib/incus/unix.socket", "/var/lib/lxd/unix.socket",
                   "/var/snap/lxd/common/lxd/unix.socket"]
    return next((c for c in candidates if c and Path(c).is_socket()), None)


class Daemon:
    """Each call opens its own connection, as a program that is started for one command would."""

    def __init__(self, path: str):
        self.path = path

    def request(self, method: str, target: str, body=None, connection: _UnixConnection | None = None):
        if connection is None:
            with contextlib.closing(_UnixConnection(self.path)) as own:
                return self.request(method, target, body, own)
        connection.request(method, target, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        if answer.get("type") == "error":
            raise DaemonError(f"{method} {target}: {answer.get('error')}")
        return answer

    def get(self, target: str):
        return self.request("GET", target)["metadata"]

    def server(self) -> str:
        environment = self.get("/1.0")["environment"]
        return f"{environment['server']} {environment['server_version']}"

    def running(self, prefix: str) -> list[str]:
        """Names of the running instances whose names begin with `prefix`."""
        return [i["name"] for i in self.get("/1.0/instances?recursion=1")
                if i["status"] == "Running" and i["name"].startswith(prefix)]

    def pid(self, instance: str) -> int:
        return self.get(f"/1.0/instances/{instance}/state")["pid"]

    def change_state(self, instance: str, action: str) -> None:
        body = {"action": action, "timeout": 60, "force": action == "stop"}
        with contextlib.closing(_UnixConnection(self.path)) as connection:
            operation = self.request("PUT", f"/1.0/instances/{instance}/state", body, connection)["operation"]
            done = self.request("GET", operation + "/wait", None, connection)["metadata"]
        if done["status_code"] != 200:
            raise DaemonError(f"{action} {instance}: {done.get('err')}")

    def exec(self, instance: str, command: list[str], environment: dict[str, str] | None = None) -> tuple[int, bytes, bytes]:
        """Runs a command with its three streams and returns its exit code and output; stdin is empty.

        stdin is kept open until the outputs have ended, because the daemon loses output when it is closed earlier.
        """
        connection = _UnixConnection(self.path)
        body = {"command": command, "environment": environment or {}, "wait-for-websocket": True, "interactive": False}
        streams = {}
        try:
            answer = self.request("POST", f"/1.0/instances/{instance}/exec", body, connection)
            operation, secrets = answer["operation"], answer["metadata"]["metadata"]["fds"]
            for name in ("control", "0", "1", "2"):
                if name in secrets:
                    streams[name] = _WebSocket(self.path, f"{operation}/websocket?secret={secrets[name]}")
            output = _drain({name: streams[name] for name in ("1", "2")})
            done = self.request("GET", operation + "/wait", None, connection)["metadata"]
        finally:
            for stream in streams.values():
                stream.close()
            connection.close()
        if done["status_code"] != 200:
            raise DaemonError(f"exec in {instance}: {done.get('err')}")
        return done["metadata"]["return"], output["1"], output["2"]


class _WebSocket:
    """The receiving half of RFC 6455, without extensions; frames from the daemon are never masked."""

    BINARY, TEXT, CONTINUATION, CLOSE, PING = 2, 1, 0, 8, 9

    def __init__(self, path: str, target: str):
        self.socket = _connect(path)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise DaemonError(f"no websocket at {target}: {head[:200]!r}")

    def fileno(self) -> int:
        return self.socket.fileno()

    def _receive(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def frame(self) -> tuple[int, bytes] | None:
        """The next whole frame in the buffer as opcode and payload; None if it has not arrived yet."""
        b = self.buffer
        if len(b) < 2:
            return None
        length, at = b[1] & 0x7F, 2
        if length == 126:
            if len(b) < 4:
                return None
            length, at = struct.unpack_from("!H", b, 2)[0], 4
        elif length == 127:
            if len(b) < 10:
                return None
            length, at = struct.unpack_from("!Q", b, 2)[0], 10
        if len(b) < at + length:
            return None
        self.buffer = b[at + length:]
        return b[0] & 0x0F, b[at:at + length]

    def read(self, into: bytearray) -> bool:
        """Takes what has arrived; False at the end of the stream (an empty text frame, a close frame or a hang-up)."""
        try:
            self._receive()
        except EOFError:
            return False
        return self.take(into)

    def take(self, into: bytearray) -> bool:
        while (frame := self.frame()) is not None:
            opcode, payload = frame
            if opcode == self.CLOSE or (opcode == self.TEXT and not payload):
                return False
            if opcode in (self.BINARY, self.TEXT, self.CONTINUATION):
                into += payload
        return True

    def close(self) -> None:
        self.socket.close()


def _drain(streams: dict[str, _WebSocket]) -> dict[str, bytes]:
    output = {name: bytearray() for name in streams}
    # A frame may have come together with the answer to the handshake.
    opened = {stream: name for name, stream in streams.items() if stream.take(output[name])}
    while opened:
        readable, _, _ = select.select(list(opened), [], [], 60)
        if not readable:
            raise DaemonError("no output and no end of it for 60 s")
        for stream in readable:
            if not stream.read(output[opened[stream]]):
                del opened[stream]
    return {name: bytes(data) for name, data in output.items()}
