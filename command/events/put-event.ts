import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { escapeNonAscii } from '../../lambdas/shared/domain/ascii-json.ts';
import { requireOutput, type Target } from '../shared/target.ts';

export interface NewEvent {
  readonly type: string;
  readonly source: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** JSON text. It is not parsed before publishing, so that no number loses digits. */
  readonly data: string;
}

/** The event's `Detail`, as JSON text. */
export function detailOf({ detail, data }: Pick<NewEvent, 'detail' | 'data'>): string {
  return `${JSON.stringify(detail).slice(0, -1)},"data":${data}}`;
}

/** Publishes an event on the stack's bus, and resolves to the bus's id of it. */
export async function putEvent(target: Target, event: NewEvent): Promise<string> {
  const events = new EventBridgeClient(target.clientSettings);
  const entry = {
    EventBusName: requireOutput(target, 'EventBusName'),
    Source: event.source,
    DetailType: event.type,
    // In ASCII: SQS refuses a message with U+FFFE or U+FFFF, so the bus could not deliver the event.
    Detail: escapeNonAscii(detailOf(event)),
  };
  try {
    const { Entries: [result] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (result?.EventId !== undefined) return result.EventId;
    throw new Error(
      `the bus refused the event: ${result?.ErrorCode ?? 'no reason given'} ${result?.ErrorMessage ?? ''}`,
    );
  } finally {
    events.destroy();
  }
}
