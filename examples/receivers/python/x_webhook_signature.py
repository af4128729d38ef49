import hashlib
import hmac
import os
import time

from receiver import create_app

# Refuses replayed requests: recorded ones that are sent again later. Retries have a timestamp of their own.
TOLERANCE_SECONDS = 300

WEBHOOK_SECRET = os.environ['WEBHOOK_SECRET']
if not WEBHOOK_SECRET:
    raise SystemExit('WEBHOOK_SECRET is empty: set it to the secret of the webhook')


def is_authentic(payload, headers):
    timestamp = headers.get('X-Webhook-Timestamp', '')
    message = timestamp.encode() + b'.' + payload
    expected = b'sha256=' + hmac.new(WEBHOOK_SECRET.encode(), message, hashlib.sha256).hexdigest().encode()
    # During the grace time of a rotation, the second header has a signature with the previous secret.
    for name in ('X-Webhook-Signature', 'X-Webhook-Signature-Previous'):
        if hmac.compare_digest(expected, headers.get(name, '').encode()):
            return abs(time.time() - int(timestamp)) <= TOLERANCE_SECONDS
    return False


app = create_app(is_authentic)
