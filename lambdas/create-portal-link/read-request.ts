import { type AccountId, parseAccountId } from '../shared/domain/ids.ts';
import {
  DEFAULT_SESSION_SECONDS,
  isActor,
  MAX_ACTOR_CHARACTERS,
  MAX_SESSION_SECONDS,
  MIN_SESSION_SECONDS,
  type Right,
} from '../shared/domain/session.ts';

const MAX_URL_CHARACTERS = 2_048;
/** Pages on a developer's machine. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1'];
const FIELDS = ['account', 'actor', 'read_only', 'ttl', 'return_url', 'confirm'];

/** A valid request for a link. */
export interface LinkRequest {
  readonly accountId: AccountId;
  readonly actor: string;
  readonly right: Right;
  readonly ttlSeconds: number;
  readonly returnUrl?: string;
  /**
   * Whether the person confirms the sign-in with a button. Needed for a link in a message: a link scanner may open it
   * first.
   */
  readonly confirm: boolean;
}

/** One reason why an input was refused. */
export interface LinkError {
  /** A field of the input; empty for the input as a whole. */
  readonly path: string;
  readonly message: string;
}

type Read =
  | { readonly ok: true; readonly value: LinkRequest }
  | { readonly ok: false; readonly errors: readonly LinkError[] };

/** Validates the event of an invocation. A refusal lists all errors. null means the same as leaving a field out. */
export function readRequest(event: unknown): Read {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return { ok: false, errors: [{ path: '', message: 'the payload must be a JSON object' }] };
  }
  const errors: LinkError[] = [];
  const refuse = (path: string, message: string): void => void errors.push({ path, message });
  const given = (name: string): unknown => Reflect.get(event, name) ?? undefined;

  for (const name of Object.keys(event).filter((field) => !FIELDS.includes(field))) {
    refuse(name.slice(0, 64), `is not a known field; known are ${FIELDS.join(', ')}`);
  }
  const accountId = parseAccountId(given('account'));
  if (accountId === undefined) refuse('account', 'must be 1-64 characters of A-Z a-z 0-9 _ -');
  const actor = given('actor');
  if (!isActor(actor)) {
    refuse('actor', `must name the person: one line of 1 to ${MAX_ACTOR_CHARACTERS} characters`);
  }
  const flags = { read_only: given('read_only') ?? false, confirm: given('confirm') ?? false };
  for (const [name, value] of Object.entries(flags)) {
    if (typeof value !== 'boolean') refuse(name, 'must be true or false');
  }
  const ttlSeconds = given('ttl') ?? DEFAULT_SESSION_SECONDS;
  if (!isTtl(ttlSeconds)) {
    refuse('ttl', `must be a whole number of seconds from ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS}`);
  }
  const returnUrl = given('return_url');
  if (returnUrl !== undefined && !isReturnUrl(returnUrl)) {
    refuse(
      'return_url',
      `must be an https address without a user name, at most ${MAX_URL_CHARACTERS} characters; http only for localhost`,
    );
  }
  if (errors.length > 0 || accountId === undefined || !isActor(actor) || !isTtl(ttlSeconds)) {
    return { ok: false, errors };
  }
  return {
    ok: true,
    value: {
      ...{ accountId, actor, ttlSeconds },
      right: flags.read_only === true ? 'read' : 'write',
      confirm: flags.confirm === true,
      ...(isReturnUrl(returnUrl) ? { returnUrl } : {}),
    },
  };
}

function isTtl(value: unknown): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= MIN_SESSION_SECONDS &&
    value <= MAX_SESSION_SECONDS
  );
}

/** The console links to it, so no scheme that runs code is allowed. */
function isReturnUrl(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_URL_CHARACTERS || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname));
  return isAllowed && username === '' && password === '';
}
