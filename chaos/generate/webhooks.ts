import fc from 'fast-check';
import { ACCOUNTS, ANSWERS, type Answers, SUBSCRIPTIONS, type WebhookSpec } from '../scenario.ts';

/** One of the given lists of answers. */
export const answersFrom = fc.constantFrom<Answers[]>;

export const answers: fc.Arbitrary<Answers> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Answers>(['ok']) },
  // Retries last so long that other actions and faults happen meanwhile.
  {
    weight: 1,
    arbitrary: answersFrom(['busy', 'ok'], ['busy'], ['error', 'throttled', 'ok'], ['throttled', 'hang']),
  },
  { weight: 2, arbitrary: answersFrom(['hang', 'ok'], ['slow'], ['crawl'], ['error', 'slow']) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...ANSWERS), fc.array(fc.constantFrom(...ANSWERS), { maxLength: 3 }))
      .map(([first, rest]): Answers => [first, ...rest]),
  },
);

export const webhookSpec: fc.Arbitrary<WebhookSpec> = fc.record({
  account: fc.nat({ max: ACCOUNTS - 1 }),
  events: fc.constantFrom(...SUBSCRIPTIONS),
  state: fc.oneof(
    { weight: 8, arbitrary: fc.constant('active' as const) },
    { weight: 2, arbitrary: fc.constant('pending' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('disabled' as const, 'unreadable' as const, 'sealed_elsewhere' as const),
    },
  ),
  markedSlow: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  answers,
  answersElsewhere: answers,
});

/** One webhook, which may subscribe to system events, too. At another URL, all requests succeed. */
export const oneWebhook = (of: {
  readonly state: fc.Arbitrary<WebhookSpec['state']>;
  readonly answers: fc.Arbitrary<Answers>;
}): fc.Arbitrary<WebhookSpec[]> =>
  fc
    .record({
      account: fc.constant(0),
      events: fc.constantFrom('*' as const, '*,webhook.*' as const),
      state: of.state,
      markedSlow: fc.boolean(),
      answers: of.answers,
      answersElsewhere: fc.constant<Answers>(['ok']),
    })
    .map((webhook): WebhookSpec[] => [webhook]);
