"""A line between browser and server that can be cut, or swallow answers: real faults, not patched calls."""

import socket
import threading
from contextlib import suppress
from typing import Literal

# "open" passes everything; "cut" ends every connection; "deaf" passes what is sent and loses the answer.
State = Literal["open", "cut", "deaf"]


class Line:
    def __init__(self, target: int) -> None:
        self.target = target
        self.state: State = "open"
        self.lost = 0  # requests whose answer was swallowed
        self._ends: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def becomes(self, state: State) -> None:
        """Connections that stand are ended: the browser makes new ones."""
        self.state = state
        for end in list(self._ends):
            self._close(end)

    def close(self) -> None:
        self._listener.close()
        self.becomes("cut")

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        state = self.state
        server = None
        if state != "cut":
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        if server is None:
            self._close(browser)
            return
        server.settimeout(None)
        self._ends |= {browser, server}
        threading.Thread(target=self._pass, args=(server, browser, state), daemon=True).start()
        self._pass(browser, server, "open")

    def _pass(self, source: socket.socket, target: socket.socket, state: State) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if state == "deaf":
                    self.lost += 1
                    break
                target.sendall(data)
        for end in (source, target):
            self._close(end)

    def _close(self, end: socket.socket) -> None:
        self._ends.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
