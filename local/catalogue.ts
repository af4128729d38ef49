import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { isReservedTypeName } from '../lambdas/shared/domain/catalogue.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_FILE = 'event-types.json';

const EventTypes = z.array(z.object({ name: z.string(), example: z.record(z.string(), z.unknown()) }));
/** A type of event as far as one that publishes looks at it. */
export type PublishableType = Readonly<z.infer<typeof EventTypes>[number]>;

/** Absolute path of the operator's catalogue, or of the project's own; the CDK app finds it in the same way. */
export function catalogueFile(setting: string | undefined): string {
  return path.resolve(ROOT, setting || DEFAULT_FILE);
}

/** Throws, naming the file, when it holds no catalogue. */
export async function readCatalogue(file: string): Promise<PublishableType[]> {
  try {
    return EventTypes.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} holds no event catalogue that can be read; "npx cdk synth" says what is wrong`, {
      cause,
    });
  }
}

/** The catalogue in an answer to `GET /v1/event-types`, without the system's own events. */
export function parseEventTypes(json: unknown): PublishableType[] {
  const { data } = z.object({ data: EventTypes }).parse(json);
  return data.filter(({ name }) => !isReservedTypeName(name));
}
