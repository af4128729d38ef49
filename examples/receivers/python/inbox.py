"""Handles each event once, after the answer.

It is in memory, so a restart loses the ids and the events that wait, and each worker process has its own. In production,
insert the event into a table whose unique key is its id, and commit before you answer 200.
"""

import queue
import threading

MAX_REMEMBERED_IDS = 10_000
MAX_WAITING_EVENTS = 1_000

_ids = {}  # in the order of their arrival
_lock = threading.Lock()
_waiting = queue.Queue(MAX_WAITING_EVENTS)


def accept_event(event):
    """Returns False when too many events wait."""
    with _lock:
        # The same event is delivered again when an answer was lost, and when a delivery is sent again by hand.
        if event['id'] in _ids:
            return True
        try:
            _waiting.put_nowait(event)
        except queue.Full:
            return False
        _ids[event['id']] = True
        if len(_ids) > MAX_REMEMBERED_IDS:
            del _ids[next(iter(_ids))]
        return True


def handle_event(event):
    """Your code."""
    print('handled', event['id'], event['type'], flush=True)


def _handle_events():
    while True:
        handle_event(_waiting.get())


threading.Thread(target=_handle_events, daemon=True).start()
