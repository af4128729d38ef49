import { printable } from '../shared/text.ts';
import type { Answer } from '../verb.ts';
import type { ForwardResult } from './forward.ts';
import type { ListenEvent } from './listen.ts';
import type { ListenedDelivery } from './listener-api.ts';

/** Characters of a request's or a response's body that are printed. `--json` prints whole bodies. */
const MAX_SHOWN_CHARACTERS = 500;

/** The output for an event. `trouble` has none: it is printed as a warning. */
export function describeEvent(
  event: Exclude<ListenEvent, { kind: 'trouble' }>,
  of: { readonly url: string; readonly events: readonly string[] },
): Answer {
  if (event.kind === 'listening') {
    const { id, secret } = event.listener;
    return {
      json: { listener_id: id, secret, events: of.events, forward_to: of.url },
      text: [
        `Forwarding ${of.events.join(', ')} to ${of.url} until Ctrl-C.`,
        `The requests are signed with the secret ${secret}`,
        '',
      ].join('\n'),
    };
  }
  const { delivery, result } = event;
  return { json: { delivery, answer: toJson(result) }, text: describeForwarded(delivery, result) };
}

function describeForwarded(delivery: ListenedDelivery, result: ForwardResult): string {
  const answer =
    result.kind === 'answered'
      ? `${result.status} in ${result.durationMs} ms`
      : `no answer: ${printable(result.reason)}`;
  const body = result.kind === 'answered' ? result.body.trim() : '';
  return [
    `${printable(delivery.event_type)}  ${delivery.event_id}  ${delivery.id}  ->  ${answer}`,
    `  request  ${shorten(delivery.body)}`,
    ...(body === '' ? [] : [`  answer   ${shorten(body)}`]),
    ...(delivery.limit_reached
      ? ['  The limit of a listener was reached: further events of this second may be missing.']
      : []),
  ].join('\n');
}

function toJson(result: ForwardResult): Readonly<Record<string, unknown>> {
  if (result.kind === 'failed') {
    return { reason: result.reason, duration_ms: result.durationMs };
  }
  const { status, location, body, bodyCut, durationMs } = result;
  return { status, location, body, body_truncated: bodyCut, duration_ms: durationMs };
}

function shorten(text: string): string {
  const shown = printable(text);
  return shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
}
