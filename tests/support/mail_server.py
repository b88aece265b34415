"""A mail server on a port of its own that does as it is told: it takes mails, refuses them, offers no TLS, or says nothing."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default


class MailBox:
    """``mails`` are those taken, as (recipient, message); ``refusal`` is what is answered instead, ``logins`` what has been sent of passwords."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[str, Message]] = []
        self.logins: list[str] = []
        self.refusal = ""


@contextmanager
def mail_server() -> Iterator[MailBox]:
    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            recipient = ""
            self.say("220 box")
            for raw in self.rfile:
                line = raw.decode().strip()
                word = line.upper()
                if word.startswith("EHLO"):
                    self.say("250-box")
                    self.say("250 AUTH PLAIN")
                elif word.startswith("AUTH"):
                    box.logins.append(line)
                    self.say("235 yes")
                elif word.startswith("RCPT"):
                    recipient = line[line.index("<") + 1 : line.index(">")]
                    self.say(box.refusal or "250 yes")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    box.mails.append((recipient, message_from_bytes(b"".join(lines), policy=default)))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 yes")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box = MailBox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
