import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { isReservedTypeName } from '../lambdas/shared/domain/catalogue.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_FILE = 'event-types.json';

const EventTypes = z.array(z.object({ name: z.string(), example: z.record(z.string(), z.unknown()) }));
/** The fields of an event type that a publisher needs. */
export type PublishableType = Readonly<z.infer<typeof EventTypes>[number]>;

/** Absolute path of the catalogue. `setting` is relative to the project, as in the CDK app; default: the project's own. */
export function catalogueFile(setting: string | undefined): string {
  return path.resolve(ROOT, setting || DEFAULT_FILE);
}

/** Throws an error with the file's name if it is not a catalogue. */
export async function readCatalogue(file: string): Promise<PublishableType[]> {
  try {
    return EventTypes.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} is not a valid event catalogue; "npx cdk synth" prints the reason`, {
      cause,
    });
  }
}

/** The catalogue in a response of `GET /v1/event-types`, without the system events. */
export function parseEventTypes(json: unknown): PublishableType[] {
  const { data } = z.object({ data: EventTypes }).parse(json);
  return data.filter(({ name }) => !isReservedTypeName(name));
}
