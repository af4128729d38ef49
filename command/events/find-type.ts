import path from 'node:path';
import catalogue from '../../event-types.json' with { type: 'json' };
import { type PublishableType, readCatalogue } from '../../local/catalogue.ts';
import type { Target } from '../shared/target.ts';
import type { Io } from '../verb.ts';

interface TypeSearch {
  readonly target: Target;
  /** True when the event has its own data, and needs no example from the catalogue. */
  readonly mayBeUnknown: boolean;
  readonly io: Pick<Io, 'warn'>;
}

/**
 * The type's entry in the catalogue. Throws when the target's catalogue does not have the type.
 *
 * The catalogue of a stack on AWS is not known. The file that WEBHOOK_FANOUT_EVENT_CATALOGUE
 * names, relative to the current directory, or else this
 * project's catalogue, is read instead, and a type that it does not have causes only a warning.
 */
export async function findType(type: string, search: TypeSearch): Promise<PublishableType | undefined> {
  const { target, mayBeUnknown, io } = search;
  const setting = process.env.WEBHOOK_FANOUT_EVENT_CATALOGUE;
  const file = target.catalogueFile ?? (setting ? path.resolve(setting) : undefined);
  const known: readonly PublishableType[] = file === undefined ? catalogue : await readCatalogue(file);
  const found = known.find(({ name }) => name === type);
  if (found !== undefined) return found;
  const missing = `"${type}" is not in the catalogue ${file ?? 'of webhook-fanout'}`;
  const names = known.map(({ name }) => name).join(', ');
  if (target.catalogueFile !== undefined) throw new Error(`${missing}; use one of ${names}`);
  if (!mayBeUnknown) throw new Error(`${missing}; give its data, or use one of ${names}`);
  io.warn(
    `${missing}; if the stack's catalogue does not have it either, the event is sent to the undispatched queue`,
  );
  return undefined;
}
