import type { PublishableType } from '../catalogue.ts';

/** The event types that the demonstration publishes. */
export interface ChosenTypes {
  readonly quick: PublishableType;
  /** Equal to `quick` if the catalogue has one type. */
  readonly flaky: PublishableType;
  /** The type in the printed example command. */
  readonly next: PublishableType;
}

/** The types of the project's own catalogue with the most readable examples. */
const PREFERRED = { quick: 'ppt.generation.completed', flaky: 'file.uploaded', next: 'user.registered' };

/** The preferred types, or else the first two of the catalogue. Throws if the catalogue is empty. */
export function chooseTypes(types: readonly PublishableType[]): ChosenTypes {
  const [first, second = first] = types;
  if (first === undefined || second === undefined) throw new Error('the catalogue is empty');
  const named = (typeName: string): PublishableType | undefined =>
    types.find(({ name }) => name === typeName);
  const [quick, flaky, next] = [named(PREFERRED.quick), named(PREFERRED.flaky), named(PREFERRED.next)];
  if (quick !== undefined && flaky !== undefined) return { quick, flaky, next: next ?? quick };
  return { quick: first, flaky: second, next: first };
}
