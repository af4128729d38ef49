import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import catalogue from '../../event-types.json' with { type: 'json' };
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import type { BusEvent } from '../../local/events/event.ts';
import { createRandom, drawGapMs } from '../../measurement/random.ts';
import { payloadText } from './payload.ts';

/** EventBridge quota: entries of one PutEvents. */
const MAX_ENTRIES = 10;
/** Time between two checks for events that are due. */
const TICK_MS = 5;
/** Makes an event about 1 KiB long. */
const PADDING_BYTES = 700;
const SOURCE = 'bench';
const EVENT_TYPE = 'ppt.generation.completed';
/** Data that satisfies the type's schema: the dispatcher checks it, and reports other data in its log. */
const EXAMPLE = catalogue.find(({ name }) => name === EVENT_TYPE)?.example ?? {};

export interface Rate {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** The seed of the random accounts and of the random times between events. */
  readonly seed: number;
  /** As for `burst`. */
  readonly padding?: number;
}

/** Publishes events, numbered from 0 over the life of the publisher. */
export interface Publisher {
  /**
   * Publishes one event for each of these accounts at once, ten in each call: PutEvents, or SendMessageBatch to the
   * events queue with the events that the bus would send. Resolves to their numbers.
   *
   * @param via default: `bus`
   * @param padding bytes of the text that makes an event longer; default: those that make it about 1 KiB long
   */
  burst(accounts: readonly AccountId[], via?: 'bus' | 'queue', padding?: number): Promise<number[]>;
  /**
   * Publishes events as a Poisson process, each for an account that is drawn with equal probability, also while
   * earlier events are not delivered. Events that are due at the same time share a PutEvents. Resolves to the index
   * of each event's account, by the event's number.
   */
  atRate(accounts: readonly AccountId[], rate: Rate): Promise<Map<number, number>>;
}

/** @param onPublish called with each event's number immediately before it is published */
export function createPublisher(
  cloud: Cloud,
  onPublish: (number: number) => void = () => undefined,
): Publisher {
  let published = 0;

  const put = async (details: readonly object[]): Promise<void> => {
    const Entries = details.map((detail) => ({
      EventBusName: cloud.outputs.EventBusName,
      Source: SOURCE,
      DetailType: EVENT_TYPE,
      Detail: JSON.stringify(detail),
    }));
    const call = { principal: ADMINISTRATOR, service: 'events', action: 'PutEvents' } as const;
    await cloud.calls.call({ ...call, input: { Entries } });
  };

  const send = async (details: readonly object[]): Promise<void> => {
    const Entries = details.map((detail, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(busEvent(cloud.region, detail)),
    }));
    const call = { principal: ADMINISTRATOR, service: 'sqs', action: 'SendMessageBatch' } as const;
    await cloud.calls.call({ ...call, input: { QueueUrl: cloud.outputs.EventsQueueUrl, Entries } });
  };

  const burst: Publisher['burst'] = async (accounts, via = 'bus', padding = PADDING_BYTES) => {
    const text = payloadText(padding);
    const numbers: number[] = [];
    for (let start = 0; start < accounts.length; start += MAX_ENTRIES) {
      const details = accounts.slice(start, start + MAX_ENTRIES).map((account) => {
        numbers.push(published);
        onPublish(published);
        return {
          account_id: account,
          data: { ...EXAMPLE, number: published++, published_at: Date.now(), padding: text },
        };
      });
      await (via === 'bus' ? put(details) : send(details));
    }
    return numbers;
  };

  return {
    burst,
    async atRate(accounts, { eventsPerSecond, seconds, seed, padding }) {
      const random = createRandom(seed);
      const beganAt = Date.now();
      const indexes = new Map<number, number>();
      let nextMs = drawGapMs(random, eventsPerSecond);
      while (nextMs < seconds * 1000) {
        const due: number[] = [];
        while (nextMs < Math.min(seconds * 1000, Date.now() - beganAt)) {
          due.push(Math.floor(random() * accounts.length));
          nextMs += drawGapMs(random, eventsPerSecond);
        }
        const numbers = await burst(
          due.flatMap((index) => accounts[index] ?? []),
          'bus',
          padding,
        );
        numbers.forEach((number, position) => {
          indexes.set(number, due[position] ?? 0);
        });
        await wait(TICK_MS);
      }
      return indexes;
    },
  };
}

/** An event as the bus sends it to a queue. */
function busEvent(region: string, detail: object): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': EVENT_TYPE,
    source: SOURCE,
    account: '000000000000',
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region,
    resources: [],
    detail: { ...detail },
  };
}
