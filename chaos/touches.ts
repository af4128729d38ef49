/** Whom a message or an event concerns: `<event id> <webhook id>`, or `<account>/<event id> *` for all webhooks. */
export function touchOfText(text: string): string[] {
  try {
    return touchOf(JSON.parse(text));
  } catch {
    return [];
  }
}

/** Of a delivery message, a bus event, a failed invocation's record, or a batch of messages with any of them. */
export function touchOf(value: unknown): string[] {
  if (!isObject(value)) return [];
  if (Array.isArray(value.Records)) {
    return value.Records.flatMap((record: unknown) =>
      isObject(record) ? touchOfText(String(record.body)) : [],
    );
  }
  if ('requestPayload' in value) return touchOf(value.requestPayload);
  if (typeof value.delivery_id === 'string') return [`${value.event_id} ${value.webhook_id}`];
  if (isObject(value.detail)) return [`${value.detail.account_id}/${value.detail.id} *`];
  return [];
}

/** Whom the messages concern that a call sends: what makes them may say nothing of it, as a customer's request. */
export function touchOfSent({ Entries: entries }: Readonly<Record<string, unknown>>): string[] {
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) =>
    isObject(entry) && typeof entry.MessageBody === 'string' ? touchOfText(entry.MessageBody) : [],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
