// This inbox is in memory, so a restart loses the ids and the events that wait. In production, insert the event into a
// table whose unique key is its id, and commit before you answer 200.

const MAX_REMEMBERED_IDS = 10_000;
const MAX_WAITING_EVENTS = 1_000;

const ids = new Set();
const waiting = [];

/** Accepts each event once, and handles it after the answer. Returns false when too many events wait. */
export function acceptEvent(event) {
  // The same event is delivered again when an answer was lost, and when a delivery is sent again by hand.
  if (ids.has(event.id)) return true;
  if (waiting.length >= MAX_WAITING_EVENTS) return false;
  ids.add(event.id);
  if (ids.size > MAX_REMEMBERED_IDS) ids.delete(ids.values().next().value);
  waiting.push(event);
  setImmediate(() => handleEvent(waiting.shift()));
  return true;
}

/** Your code. */
function handleEvent(event) {
  console.log(`handled ${event.id} ${event.type}`);
}
