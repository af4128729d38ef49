import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ['WEBHOOK_SECRET'].encode()
if not SECRET:
    raise SystemExit('WEBHOOK_SECRET is not set')

MAX_AGE_SECONDS = 300  # an older request may be a recorded one that an attacker sends again
MAX_BODY_BYTES = 262_144


def is_authentic(headers, body):
    """`body` has the bytes as they arrived: JSON that is parsed and written again has different bytes."""
    timestamp = headers.get('X-Webhook-Timestamp', '')
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > MAX_AGE_SECONDS:
        return False
    expected = 'sha256=' + hmac.new(SECRET, timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()
    # During a rotation, the second header has a signature with the previous secret.
    names = ('X-Webhook-Signature', 'X-Webhook-Signature-Previous')
    return any(hmac.compare_digest(headers.get(name, '').encode(), expected.encode()) for name in names)


class Handler(BaseHTTPRequestHandler):
    timeout = 30  # seconds

    def do_POST(self):
        length = self.headers.get('Content-Length', '')
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return self.answer(413, {})
        body = self.rfile.read(int(length))
        if not is_authentic(self.headers, body):
            return self.answer(400, {'error': 'Invalid signature'})

        event = json.loads(body)
        if event['type'] == 'webhook.verification':
            return self.answer(200, {'challenge': event['data']['challenge']})
        # Your code: store the event, once for each id, and handle it after the answer.
        print('received', event['id'], event['type'], flush=True)
        self.answer(200, {})

    def answer(self, status, content):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


server = ThreadingHTTPServer(('127.0.0.1', int(os.environ.get('PORT', '3000'))), Handler)
print(f'listening on http://127.0.0.1:{server.server_port}', flush=True)
server.serve_forever()
