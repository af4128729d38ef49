import { isReservedTypeName, RESERVED_SEGMENT, SYSTEM_EVENT_TYPES } from './catalogue.ts';

/** Enough to recognise a pattern by: an answer should not grow with the question. */
const MAX_QUOTED_CHARACTERS = 64;

/**
 * What a webhook may name in `events`: an exact type, a prefix with a trailing wildcard
 * (`ppt.generation.*`: any number of further segments, at least one), or `*` for every type of the
 * catalogue. System events are matched by their own name or by `webhook.*`, never by `*`.
 */
export function matchesSubscription(pattern: string, eventType: string): boolean {
  if (pattern === '*') return !isReservedTypeName(eventType);
  if (pattern.endsWith('.*')) return eventType.startsWith(pattern.slice(0, -1));
  return pattern === eventType;
}

export function subscribesTo(patterns: readonly string[], eventType: string): boolean {
  return patterns.some((pattern) => matchesSubscription(pattern, eventType));
}

/** Why a pattern can never match anything that this deployment publishes, or undefined when it can. */
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

/** The pattern of a type and its siblings. */
export function prefixOf(eventType: string): string {
  return `${eventType.slice(0, eventType.lastIndexOf('.'))}.*`;
}

function shorten(pattern: string): string {
  return pattern.length > MAX_QUOTED_CHARACTERS ? `${pattern.slice(0, MAX_QUOTED_CHARACTERS)}…` : pattern;
}
