import { urlOf } from '../endpoints.ts';
import type { FactOf, Item } from '../history.ts';
import type { DeliveryChain } from './delivery-chains.ts';
import type { Evidence } from './evidence.ts';
import { hasBrokenSecret, verificationIn } from './webhook-items.ts';

type Written = FactOf<'webhook_written'>;

/** Challenges have exactly their specified effects, and no webhook stays incomplete. */
export function* checkWebhooks(evidence: Evidence, chains: readonly DeliveryChain[]): Generator<string> {
  for (const [id, states] of evidence.webhookStates) {
    for (const [index, state] of states.entries()) {
      for (const problem of checkWrite(evidence, states[index - 1]?.item, state))
        yield `webhook ${id}: ${problem}`;
    }
  }
  for (const item of evidence.finalState.webhooks) {
    const id = String(item.sk).slice('WEBHOOK#'.length);
    for (const problem of checkFinal(evidence, chains, id, item)) yield `webhook ${id}: ${problem}`;
  }
}

/** Attributes that a sender never changes. */
const CUSTOMER_ATTRIBUTES = ['events', 'secrets', 'description', 'created_at', 'pk', 'sk'] as const;

/** Checks what one write changed, by its writer. */
function* checkWrite(evidence: Evidence, before: Item | undefined, written: Written): Generator<string> {
  const { item: after, by } = written;
  if (by !== 'sender') {
    if (by === 'dispatch-event') yield 'a dispatcher wrote it';
    if (by === 'serve-api') yield* checkApiWrite(before, after);
    return;
  }
  if (before === undefined || after === undefined)
    return yield `a sender ${after === undefined ? 'deleted' : 'created'} it`;
  for (const name of CUSTOMER_ATTRIBUTES) {
    if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) yield `a sender changed its ${name}`;
  }
  const change = `${before.status} to ${after.status}`;
  const isActivation = change === 'pending to active' || change === 'verification_failed to active';
  const isNewUrl = before.url !== after.url || before.verified !== after.verified;
  const verification = verificationIn(before);
  if (isActivation || isNewUrl) {
    const url = verification?.url;
    if (!isAnswered(evidence, verification?.id, url, written.at))
      yield `a sender activated ${after.url}, and the newest challenge was not answered`;
    if (after.url !== url || after.verified !== true)
      yield `a sender activated ${after.url}, and the newest challenge was for ${url}`;
  }
  const isFailure = change === 'pending to verification_failed';
  const isReport =
    after.verification_error !== undefined && after.verification_error !== before.verification_error;
  if ((isFailure || isReport) && !hasFailed(evidence, verification?.id, written.at))
    yield 'its verification failed, and its newest challenge did not';
  const isDisabling = change === 'active to disabled';
  if (before.status !== after.status && !isActivation && !isFailure && !isDisabling)
    yield `a sender changed it from ${change}`;
}

/** The API activates a webhook only if it was active before it was disabled, and never marks a URL as verified. */
function* checkApiWrite(before: Item | undefined, after: Item | undefined): Generator<string> {
  if (after === undefined) return;
  if (before === undefined) {
    if (after.status !== 'pending' || after.verified !== false) yield `it was created as ${after.status}`;
    return;
  }
  if (after.verified === true && before.verified !== true) yield 'the API marked its URL as verified';
  if (after.verified === true && after.url !== before.url) yield `the API activated ${after.url}`;
  if (after.status === 'active' && before.status !== 'active' && before.status !== 'disabled')
    yield `the API made it active from ${before.status}`;
}

function isAnswered({ posts }: Evidence, id: string | undefined, url: unknown, by: number): boolean {
  return posts.some(
    (post) => post.eventId === id && post.url === url && post.isSuccess && post.endedAt <= by,
  );
}

function hasFailed({ posts }: Evidence, id: string | undefined, by: number): boolean {
  const failed = posts.filter((post) => post.eventId === id && !post.isSuccess && post.endedAt <= by);
  return failed.some(({ attempt, answer }) => attempt === 4 || answer === 'private');
}

function* checkFinal(
  evidence: Evidence,
  chains: readonly DeliveryChain[],
  id: string,
  item: Item,
): Generator<string> {
  if (typeof item.created_at !== 'string' || typeof item.url !== 'string')
    return yield 'its item is incomplete';
  const verifiedUrls = new Set([
    ...evidence.scenario.webhooks.flatMap(({ state }, index) => (state === 'pending' ? [] : [urlOf(index)])),
    ...evidence.posts.filter(({ isChallenge, isSuccess }) => isChallenge && isSuccess).map(({ url }) => url),
  ]);
  if (item.verified === true && !id.startsWith('wh_c') && !verifiedUrls.has(item.url))
    yield `its URL ${item.url} is active, and never answered a challenge`;
  // If the item or the secret is damaged, no challenge can be sent.
  if (!Array.isArray(item.events) || hasBrokenSecret(evidence, id)) return;
  const verification = verificationIn(item);
  if (verification === undefined) {
    if (item.status === 'pending') yield 'it is pending, and has no challenge';
    return;
  }
  if (evidence.isOnPoison(verification.id)) return;
  const challenge = chains.find(({ eventId }) => eventId === verification.id);
  const posts = challenge?.posts ?? [];
  const answered = posts.some(({ isSuccess }) => isSuccess);
  const isUnaffected = challenge?.faults.length === 0;
  if (answered && (item.status === 'pending' || isUnaffected))
    yield `it is ${item.status}, and its challenge was answered`;
  if (answered) return;
  if (item.status === 'pending' && posts.length > 0)
    yield 'it is pending, and all attempts of its challenge failed';
  if (posts.length > 0 && isUnaffected && item.verification_error === undefined)
    yield 'all attempts of its challenge failed, and its item has no verification error';
  if (posts.length === 0 && isUnaffected) yield 'its challenge was never sent';
}
