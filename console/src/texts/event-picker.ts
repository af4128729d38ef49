import { count, number } from './language.ts';

/** The tree of event types. */
export const EVENT_PICKER = {
  label: 'Events',
  hint: 'A group such as file.* also includes types that are added later.',
  typesOf: (pattern: string) => `Types of ${pattern}`,
  matches: (pattern: string, types: number) =>
    pattern === '*'
      ? `all ${count(types, 'type')}, and later ones`
      : pattern === 'webhook.*'
        ? `${count(types, 'type')} about your own deliveries, not part of *`
        : `${count(types, 'type')}, and later ones`,
  includedIn: (pattern: string) => `included in ${pattern}`,
  chosen: (patterns: readonly string[], types: number) =>
    patterns.length === 0
      ? 'Nothing is chosen.'
      : `${patterns.map(patternText).join(', ')}: ${types === 1 ? '1 type matches' : `${number(types)} types match`} today.`,
};

/** An entry of a subscription in words: "all event types". Types of the service itself begin with `webhook.`. */
export function patternText(pattern: string): string {
  return pattern === '*' ? 'all event types (*)' : pattern;
}
