import { isReservedTypeName, RESERVED_SEGMENT, SYSTEM_EVENT_TYPES } from './catalogue.ts';

/** Enough to recognise a pattern. A longer one is cut, so that the response does not grow with the request. */
const MAX_QUOTED_CHARACTERS = 64;

/**
 * Whether an entry of a webhook's `events` matches an event type. An entry is an exact type, a prefix with a trailing
 * wildcard (`ppt.generation.*`: one or more further segments), or `*` for every type of the catalogue. System events
 * match their own name and `webhook.*`, never `*`.
 */
export function matchesSubscription(pattern: string, eventType: string): boolean {
  if (pattern === '*') return !isReservedTypeName(eventType);
  if (pattern.endsWith('.*')) return eventType.startsWith(pattern.slice(0, -1));
  return pattern === eventType;
}

export function subscribesTo(patterns: readonly string[], eventType: string): boolean {
  return patterns.some((pattern) => matchesSubscription(pattern, eventType));
}

/** Why a pattern matches no event type of this deployment, or undefined when it matches one. */
export function whyUnmatchable(pattern: string, eventTypes: readonly string[]): string | undefined {
  const known = [...eventTypes, ...SYSTEM_EVENT_TYPES];
  if (known.some((type) => matchesSubscription(pattern, type))) return undefined;
  const [first = `${RESERVED_SEGMENT}.retry`] = known;
  return `"${shorten(pattern)}" matches no event type; use "*", an exact type, or a prefix such as "${prefixOf(first)}" (GET /v1/event-types lists them)`;
}

/** Every pattern that matches at least one type: the types, their prefixes, and `*`. */
export function matchablePatterns(eventTypes: readonly string[]): string[] {
  const known = [...eventTypes, ...SYSTEM_EVENT_TYPES];
  const prefixes = known.flatMap((type) => {
    const segments = type.split('.');
    return segments.slice(1).map((_, index) => `${segments.slice(0, index + 1).join('.')}.*`);
  });
  return [...new Set([...(eventTypes.length > 0 ? ['*'] : []), ...prefixes, ...known])];
}

/** The pattern that matches a type and all types with the same prefix. */
export function prefixOf(eventType: string): string {
  return `${eventType.slice(0, eventType.lastIndexOf('.'))}.*`;
}

function shorten(pattern: string): string {
  return pattern.length > MAX_QUOTED_CHARACTERS ? `${pattern.slice(0, MAX_QUOTED_CHARACTERS)}…` : pattern;
}
