import type { RotateAction } from '../actions/user-action.ts';
import { type FactOf, factsOf, type Item } from '../history.ts';
import type { Evidence } from './evidence.ts';
import { type SecretState, secretsIn } from './webhook-items.ts';

const MAX_SECRETS = 5;
const DEFAULT_GRACE_SECONDS = 86_400;
/** The longest time between the decision and the write of a rotation. */
const MAX_WRITE_MS = 60_000;

/** A rotation removes no secret before its expiry, keeps none for longer, and is made once for each request. */
export function* checkRotations(evidence: Evidence): Generator<string> {
  for (const [id, states] of evidence.webhookStates) {
    for (const [index, { item, at, by }] of states.entries()) {
      const before = states[index - 1]?.item;
      if (by !== 'serve-api' || before === undefined || item === undefined) continue;
      const problems = checkWrite(evidence, id, {
        before: secretsIn(evidence, before),
        after: secretsIn(evidence, item),
        at,
      });
      for (const problem of problems) yield `webhook ${id}: ${problem}`;
    }
    yield* checkMadeOnce(evidence, id, states);
  }
  for (const answer of factsOf(evidence.facts, 'acted')) {
    if (answer.secret !== undefined && !wasStored(evidence, answer))
      yield `webhook ${answer.webhookId}: a rotation answered a secret that never became the current one`;
  }
}

/** Checks what one write of the API changed. */
function* checkWrite(
  evidence: Evidence,
  id: string,
  {
    before,
    after,
    at,
  }: { readonly before: SecretState[]; readonly after: SecretState[]; readonly at: number },
): Generator<string> {
  const [current, ...earlier] = after;
  const graces = rotationsOf(evidence, id).map(({ graceSeconds = DEFAULT_GRACE_SECONDS }) => graceSeconds);
  if (current === undefined || current.expiresAt !== Number.POSITIVE_INFINITY)
    yield 'it has no current secret';
  if (after.length > MAX_SECRETS) yield `${after.length} secrets sign`;
  const isRotation = current?.sealed !== before[0]?.sealed;
  for (const { sealed, expiresAt } of earlier) {
    const old = before.find((secret) => secret.sealed === sealed);
    if (old === undefined) yield 'a secret that was not its current one signs, too';
    else if (old.expiresAt === expiresAt) continue;
    else if (!isRotation || old.expiresAt !== Number.POSITIVE_INFINITY)
      yield 'the expiry of a secret was changed';
    else if (!graces.some((seconds) => isWithin(expiresAt - seconds * 1_000, at - MAX_WRITE_MS, at)))
      yield `a replaced secret signs for ${expiresAt - at} ms, which no rotation requested`;
  }
  const endsAll = isRotation && after.length === 1 && graces.includes(0);
  for (const { sealed, text, expiresAt } of before) {
    const isKept = after.some((secret) => secret.sealed === sealed);
    const isReused = isRotation && text === current?.text;
    if (!isKept && expiresAt > at && text !== undefined && !isReused && !endsAll)
      yield 'a secret was removed before its expiry';
  }
}

/** A rotation that is repeated after a crash makes no second secret. */
function* checkMadeOnce(
  evidence: Evidence,
  id: string,
  states: readonly { readonly item: Item | undefined }[],
): Generator<string> {
  const secrets = states.flatMap(({ item }) => secretsIn(evidence, item));
  const made = secrets.filter(({ rotation, text }) => rotation !== undefined && text !== undefined);
  for (const [rotation, madeByRotation] of Map.groupBy(made, (secret) => secret.rotation)) {
    const count = new Set(madeByRotation.map(({ sealed }) => sealed)).size;
    if (count > 1) yield `webhook ${id}: the rotation ${rotation} was made ${count} times`;
  }
}

function wasStored(evidence: Evidence, { webhookId = '', secret, at }: FactOf<'acted'>): boolean {
  const states = evidence.webhookStates.get(webhookId) ?? [];
  return states.some((state) => state.at <= at && secretsIn(evidence, state.item)[0]?.text === secret);
}

function rotationsOf({ scenario, specOf }: Evidence, id: string): RotateAction[] {
  const spec = specOf(id);
  const index = spec === undefined ? -1 : scenario.webhooks.indexOf(spec);
  return scenario.actions
    .filter((action) => action.do === 'rotate')
    .filter(({ webhook }) => webhook === index);
}

function isWithin(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}
