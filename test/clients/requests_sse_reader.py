"""Follows a stream by the rules of the Python package requests-sse, with the standard library only.

The rules that matter: a line ends at \\n, an event at an empty line; each empty line makes an event, also of a block
without data, and the reader's last id becomes that event's id, which is none if the block had no id line. On the end
of the response it connects again with its last id, after the server's delay.

Prints one line for each event with data ("message N"), and one for each reset of the id ("id lost").
Usage: python3 requests_sse_reader.py URL
"""

import json
import sys
import time
import urllib.error
import urllib.request


class Reader:
    def __init__(self, url):
        self.url = url
        self.last_id = None
        self.delay = 1.0

    def follow(self):
        while True:
            try:
                self.read_response()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(self.delay)

    def read_response(self):
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
        if self.last_id:
            headers["Last-Event-Id"] = self.last_id
        # pywikibot's read timeout is 45 s; a shorter one shows sooner that heartbeats do not come.
        with urllib.request.urlopen(urllib.request.Request(self.url, headers=headers), timeout=45) as response:
            assert response.headers["Content-Type"].split(";")[0] == "text/event-stream"
            print("open", flush=True)
            block = {}
            for line in response:
                line = line.decode("utf-8").rstrip("\n")
                if line == "":
                    self.dispatch(block)
                    block = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(":")
                    block[name] = value.removeprefix(" ")

    def dispatch(self, block):
        if "retry" in block:
            self.delay = int(block["retry"]) / 1000
        if self.last_id and "id" not in block:
            print("id lost", flush=True)
        self.last_id = block.get("id")
        if block.get("data"):
            event = json.loads(block["data"])
            print(block.get("event", "message"), event.get("n"), flush=True)
        elif self.last_id:
            print("id kept", flush=True)


Reader(sys.argv[1]).follow()
