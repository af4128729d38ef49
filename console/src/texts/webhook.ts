import { count, number } from './language.ts';

/** One webhook. */
export const WEBHOOK = {
  webhooks: 'Webhooks',
  title: 'Webhook',

  cause: {
    failing: (since: string, what: string) => `Failing since ${since}: ${what}`,
    warned: (exhausted: number, hours: number) =>
      `It will be disabled after ${count(exhausted, 'failed delivery', 'failed deliveries')} in a row${hours === 0 ? '' : ` and ${number(hours)} h without a success`}.`,
    failedOf: (failed: number, all: number, isPartial: boolean) =>
      `${number(failed)} of ${isPartial ? 'the newest ' : ''}${count(all, 'delivery', 'deliveries')} of the last 24 hours failed.`,
    answered: 'Your server answered:',
    disabledByService: (since: string | undefined) =>
      since === undefined ? 'Disabled by the service' : `Disabled by the service since ${since}`,
    disabledReason: (reason: string) => `We stopped sending: ${reason}.`,
    disabledNext:
      'New events are held. Fix your server, enable the webhook, then send the events that were held or failed.',
    disabled: 'Disabled by you or your team',
    disabledText: 'It receives nothing. New events are held until you enable it.',
    slow: (since: string, what: string) => `Slow since ${since}: ${what}`,
    slowText:
      'Events still arrive, in a queue of their own, so that they delay no other webhook. Answer first and do the work after it.',
    pending: 'Waiting for verification',
    pendingText:
      'We sent a challenge to your server. The webhook receives events when your server repeats it.',
    verificationFailed: 'Verification failed',
    newUrlPending: 'The new URL is not verified yet',
    newUrlPendingText: 'The current URL stays in use until your server repeats the challenge at the new one.',
    newUrlFailed: 'The new URL failed verification. The current URL stays in use',
    seeFailure: 'See last failure',
  },
  waiting: {
    title: (held: number, failed: number, isAtLeast: boolean) => {
      const kinds = [
        ...(held > 0 ? [`${number(held)} held`] : []),
        ...(failed > 0 ? [`${number(failed)} failed`] : []),
      ];
      const isOne = held + failed === 1;
      return `${isAtLeast ? 'At least ' : ''}${kinds.join(' and ')} ${isOne ? 'event waits' : 'events wait'} to be sent again`;
    },
    oldest: (time: string, all: number) =>
      all === 1 ? `It was accepted at ${time}.` : `The oldest was accepted at ${time}.`,
    older: 'There are more than we count here, and older ones.',
    active: 'Your server has not accepted them, and nothing sends them by itself.',
    failing: 'When your server works again, send them: nothing sends them by itself.',
    inactive: 'You can send them when the webhook is active again.',
    send: 'Send them…',
  },

  figures: {
    success: 'Success',
    p50: 'Half answered within',
    p99: '99% answered within',
    delivered: 'Delivered',
    failed: 'Failed',
    held: 'Held',
    none: '–',
    title: 'Last 24 hours',
    nothing: 'Nothing was sent in the last 24 hours.',
    partial: 'Of the newest 2,000 deliveries.',
    chart: 'Deliveries that succeeded, and failed attempts by cause, by hour',
    chartNote: 'Above the line: deliveries that succeeded. Below: failed attempts by cause.',
  },

  recovery: {
    results: (delivered: number, failed: number) =>
      `${number(delivered)} delivered, ${number(failed)} failed.`,
    ended: 'The last recovery ended',
    stopped: 'The last recovery was stopped',
  },

  deliveries: {
    title: 'Newest deliveries',
    all: 'All deliveries',
    empty: 'Nothing was sent yet. Send a test event to see one arrive.',
  },

  test: {
    open: 'Send test',
    title: 'Send a test event',
    text: 'Your server receives an example of this type, signed like every event. It has a header that marks it as a test.',
    type: 'Event type',
    send: 'Send test',
    sent: 'The test event is on its way.',
    see: 'See the delivery',
    notActive: 'Only an active webhook receives test events.',
  },

  disable: {
    open: 'Disable…',
    title: 'Disable this webhook?',
    text: 'It receives nothing from now on. New events, and those that wait for a retry, are held. You can send them after you enable it again.',
    confirm: 'Disable',
    done: 'The webhook is disabled. Its events are held.',
  },
  enable: {
    open: 'Enable…',
    title: 'Enable this webhook?',
    text: 'New events are sent from now on. What was held stays held until you send it.',
    counting: 'Counting held events…',
    held: (held: number, isAtLeast: boolean) =>
      held === 0
        ? 'No events are held.'
        : `${isAtLeast ? 'At least ' : ''}${count(held, 'event is', 'events are')} held. Your server has not seen ${held === 1 ? 'it' : 'them'}.`,
    confirm: 'Enable',
    done: 'The webhook is enabled.',
    recover: 'Send held and failed events…',
  },
  verify: {
    attempts: 'Show the attempts',
    again: 'Verify again',
    sent: 'A new challenge is on its way.',
    keepUrl: 'Keep the current URL',
    kept: 'The current URL stays. The new one is dropped.',
  },
};
