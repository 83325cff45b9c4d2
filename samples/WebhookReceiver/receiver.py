import base64, hashlib, hmac, http.server, sys, time

key = base64.b64decode(sys.argv[1].removeprefix("whsec_"))

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        id, timestamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        signed = f"{id}.{timestamp}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        given = self.headers["webhook-signature"].split(" ")
        is_valid = abs(time.time() - int(timestamp)) < 300 and any(hmac.compare_digest(wanted, one) for one in given)
        self.send_response(204 if is_valid else 401)
        self.send_header("connection", "close")  # else the sender may use a connection that this program closes
        self.end_headers()
        print(body.decode() if is_valid else "not from WikiBus", flush=True)

http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Receiver).serve_forever()
