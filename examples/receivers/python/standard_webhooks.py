import os

from standardwebhooks import Webhook, WebhookVerificationError

from receiver import create_app

verifier = Webhook(os.environ['WEBHOOK_SECRET'])  # refuses an empty secret


def is_authentic(payload, headers):
    try:
        # Also refuses a timestamp that is more than 5 minutes old or in the future.
        verifier.verify(payload, headers)
        return True
    except (WebhookVerificationError, ValueError):  # ValueError: a header that is not base64
        return False


app = create_app(is_authentic)
