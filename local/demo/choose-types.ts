import type { PublishableType } from '../catalogue.ts';

/** What the demonstration publishes. */
export interface ChosenTypes {
  readonly quick: PublishableType;
  /** The same as `quick` in a catalogue of one. */
  readonly flaky: PublishableType;
  /** For the visitor's own first event. */
  readonly next: PublishableType;
}

/** The examples of the project's own catalogue that read best. */
const PREFERRED = { quick: 'ppt.generation.completed', flaky: 'file.uploaded', next: 'user.registered' };

/** Of a catalogue without the preferred types its first two are taken. Throws on an empty one. */
export function chooseTypes(types: readonly PublishableType[]): ChosenTypes {
  const [first, second = first] = types;
  if (first === undefined || second === undefined) throw new Error('the catalogue has no event type to show');
  const named = (wanted: string): PublishableType | undefined => types.find(({ name }) => name === wanted);
  const [quick, flaky, next] = [named(PREFERRED.quick), named(PREFERRED.flaky), named(PREFERRED.next)];
  if (quick !== undefined && flaky !== undefined) return { quick, flaky, next: next ?? quick };
  return { quick: first, flaky: second, next: first };
}
