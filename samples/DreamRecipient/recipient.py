import http.server, sys

class Recipient(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("connection", "close")  # else the sender may use a connection that this program closes
        self.end_headers()
        print(self.headers["x-dream-event-channel"], self.headers["cookie"], body.decode(), flush=True)

    def log_message(self, *_):
        pass

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Recipient).serve_forever()
