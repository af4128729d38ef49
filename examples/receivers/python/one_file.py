import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ['WEBHOOK_SECRET']
if not SECRET:  # with an empty key anybody could sign
    raise SystemExit('WEBHOOK_SECRET is empty: expected is the secret of the webhook')

# Refuses recorded requests that are sent again later. Retries have a timestamp of their own.
TOLERANCE_SECONDS = 300
MAX_BODY_BYTES = 256 * 1024  # the limit of the sender


def is_authentic(headers, body):
    """`body` has the bytes as they were received: JSON that was parsed and written again has other bytes."""
    timestamp = headers.get('X-Webhook-Timestamp', '')
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    message = timestamp.encode() + b'.' + body
    expected = b'sha256=' + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest().encode()
    # The second header is by the previous secret, while a rotation's grace time lasts.
    names = ('X-Webhook-Signature', 'X-Webhook-Signature-Previous')
    # In constant time: the duration does not show where a forged signature differs.
    return any(hmac.compare_digest(expected, headers.get(name, '').encode()) for name in names)


class Handler(BaseHTTPRequestHandler):
    timeout = 30  # seconds, for a client that stops sending

    def do_POST(self):
        length = self.headers.get('Content-Length', '')
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return self.answer(413, {'error': 'Body too large'})
        body = self.rfile.read(int(length))
        if not is_authentic(self.headers, body):
            return self.answer(400, {'error': 'Invalid signature'})

        event = json.loads(body)
        if event['type'] == 'webhook.verification':
            return self.answer(200, {'challenge': event['data']['challenge']})
        # Your code: store the event, once for each event['id'], and handle it after the answer.
        print('received', event['id'], event['type'], flush=True)
        return self.answer(200, {'status': 'success'})

    def answer(self, status, content):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())


server = ThreadingHTTPServer(('127.0.0.1', int(os.environ.get('PORT', '3000'))), Handler)
print(f'listening on http://127.0.0.1:{server.server_port}', flush=True)
server.serve_forever()
