"""A web server that answers as it is told, over HTTPS and over plain HTTP.

usage: key-server.py CERTIFICATE PRIVATE-KEY HTTPS-PORT HTTP-PORT     (0: any free port)

It prints `ready HTTPS-PORT HTTP-PORT CONTROL-PORT` when it listens. Over the control port, `PUT /PATH`
with a JSON object sets what is answered there from now on:

    status    number
    headers   list of [name, value]
    body      base64
    padding   how many blanks follow it
    gzip      whether to compress it then
    length    whether to announce the length
    delay     seconds before the first byte
    piece     bytes to send at once, with `pause` seconds before each
    pause     see there
    cut       bytes of the body after which the connection is closed

`GET /` on the control port tells all requests so far. All listen on the loopback interface only.
"""

import base64
import gzip
import http.server
import json
import socket
import ssl
import sys
import threading
import time

lock = threading.Lock()
answers = {}
requests = []
connections = 0


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    tls = None

    def handle_error(self, request, client_address):
        """A client that goes away, or does not trust us, is what tests are about."""


class Answering(http.server.BaseHTTPRequestHandler):
    timeout = 30

    def setup(self):
        global connections
        with lock:
            connections += 1
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.tls is not None:
            # Here and not where connections are accepted: a client that is slow to greet must not
            # keep others waiting.
            self.request.settimeout(self.timeout)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_GET(self):
        path = self.path.split("?")[0]
        with lock:
            answer = answers.get(path, {"status": 404})
            requests.append(
                {
                    "path": self.path,
                    "https": self.server.tls is not None,
                    "headers": [f"{name.lower()}: {value}" for name, value in self.headers.items()],
                }
            )
        time.sleep(answer.get("delay", 0))
        body = base64.b64decode(answer.get("body", "")) + b" " * answer.get("padding", 0)
        if answer.get("gzip", False):
            body = gzip.compress(body)
        self.send_response_only(answer.get("status", 200))
        for name, value in answer.get("headers", []):
            self.send_header(name, value)
        if answer.get("length", True):
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        body = body[: answer.get("cut", len(body))]
        piece = answer.get("piece", 65536)
        for start in range(0, len(body), piece):
            time.sleep(answer.get("pause", 0))
            self.wfile.write(body[start : start + piece])
            self.wfile.flush()

    def log_message(self, *arguments):
        """Nothing: `GET /` on the control port tells all."""


class Control(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            answers[self.path] = answer
        self.reply(b"{}")

    def do_GET(self):
        with lock:
            state = {"requests": requests, "connections": connections}
            text = json.dumps(state).encode()
        self.reply(text)

    def reply(self, body):
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Nothing."""


def main():
    certificate, key, https_port, http_port = sys.argv[1:]
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    secure = Server(("127.0.0.1", int(https_port)), Answering)
    secure.tls = tls
    plain = Server(("127.0.0.1", int(http_port)), Answering)
    control = Server(("127.0.0.1", 0), Control)
    for server in (secure, plain, control):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", *(s.server_address[1] for s in (secure, plain, control)), flush=True)
    threading.Event().wait()


main()
