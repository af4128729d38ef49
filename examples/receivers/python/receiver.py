from flask import Flask, jsonify, request

import inbox

MAX_BODY_BYTES = 256 * 1024  # the limit of the sender


def create_app(is_authentic):
    """Serves POST /webhook. `is_authentic(payload, headers)` verifies the signature over the bytes of the body."""
    app = Flask(__name__)
    app.config['MAX_CONTENT_LENGTH'] = MAX_BODY_BYTES

    @app.route('/webhook', methods=['POST'])
    def webhook():
        # The bytes as they were received: JSON that was parsed and written again has other bytes.
        payload = request.get_data()
        if not is_authentic(payload, request.headers):
            return jsonify({'error': 'Invalid signature'}), 400

        event_data = request.get_json()
        if event_data['type'] == 'webhook.verification':
            return jsonify({'challenge': event_data['data']['challenge']}), 200
        if not inbox.accept_event(event_data):
            # Every status but 200 makes the sender try again later.
            return jsonify({'error': 'Too many events are waiting'}), 503
        return jsonify({'status': 'success'}), 200

    return app
