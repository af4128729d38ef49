import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import {
  type Catalogue,
  isEventTypeName,
  isReservedTypeName,
  RESERVED_SEGMENT,
} from '../../lambdas/shared/domain/catalogue.ts';
import { MAX_BODY_BYTES } from '../../lambdas/shared/domain/event.ts';
import { InputError, isRecord, toJson } from './input.ts';
import { parseJson } from './json.ts';
import { createJsonSchema } from './json-schema.ts';

/** This project's own catalogue. Its path relative to this file is the same in the packed library. */
export const DEFAULT_CATALOGUE = fileURLToPath(new URL('../../event-types.json', import.meta.url));

const FIELDS = ['name', 'description', 'schema', 'example'] as const;

/** The body of an event also contains id, type and time, which need less than 1 KiB. */
const MAX_EXAMPLE_BYTES = MAX_BODY_BYTES - 1024;

/**
 * Lambda quota: 6 MiB for a synchronous response. The response of GET /v1/event-types is a JSON text within JSON, and
 * contains the whole catalogue. 256 KiB are reserved for the system events and the headers.
 */
const MAX_RESPONSE_BYTES = (6 * 1024 - 256) * 1024;

/**
 * Checks a catalogue file as a whole and returns its absolute path and its types.
 *
 * Throws one error that lists all problems of the file.
 */
export function readCatalogue(file: string): { path: string; eventTypes: Catalogue } {
  const path = resolve(file);
  const entries = parseFile(path);
  const problems: string[] = [];
  if (entries.length === 0) problems.push('it is empty; list at least one event type');
  entries.forEach((entry, index) => {
    problems.push(...problemsOf(entry).map((problem) => `${labelOf(entry, index)}: ${problem}`));
  });
  problems.push(...duplicatesOf(entries), ...sizeProblems(entries));
  if (problems.length > 0) {
    throw new InputError(
      `The event catalogue ${path} cannot be used:\n${problems.map((line) => `- ${line}`).join('\n')}`,
    );
  }
  return { path, eventTypes: entries as unknown as Catalogue };
}

function parseFile(path: string): unknown[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(
      `The event catalogue ${path} cannot be read (${codeOf(cause)}). Set eventCatalogue to the path of a JSON file.`,
      { cause },
    );
  }
  const json = parseJson(text);
  if (!json.ok) {
    throw new InputError(
      `The event catalogue ${path} cannot be used: ${json.problem}. Correct the file there.`,
    );
  }
  if (Array.isArray(json.value)) return json.value;
  throw new InputError(
    `The event catalogue ${path} contains ${kindOf(json.value)}; expected: an array of {${FIELDS.join(', ')}} objects.`,
  );
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given';
}

/** Checks schemas against the meta-schema. */
const metaSchema = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });

function problemsOf(entry: unknown): string[] {
  if (!isRecord(entry)) return [`is ${kindOf(entry)}; expected: a {${FIELDS.join(', ')}} object`];
  return [
    ...unknownFieldsOf(entry),
    ...nameProblems(entry.name),
    ...descriptionProblems(entry.description),
    ...exampleProblems(entry.example),
    ...schemaProblems(entry.schema, entry.example),
  ];
}

function unknownFieldsOf(entry: Record<string, unknown>): string[] {
  const allowed: readonly string[] = FIELDS;
  return Object.keys(entry)
    .filter((field) => !allowed.includes(field))
    .map(
      (field) => `has the unknown field "${field}"; allowed are ${FIELDS.join(', ')}: remove or rename it`,
    );
}

function nameProblems(name: unknown): string[] {
  if (typeof name !== 'string') return [`name is ${kindOf(name)}; expected: a text such as "order.shipped"`];
  if (!isEventTypeName(name)) {
    return [
      `name is "${name}"; expected: at least two segments of a-z, 0-9, "_" and "-", joined by dots, 128 characters at most, such as "order.shipped"`,
    ];
  }
  if (isReservedTypeName(name)) {
    return [
      `name begins with "${RESERVED_SEGMENT}.", which is reserved for system events: choose another first segment`,
    ];
  }
  return [];
}

function descriptionProblems(description: unknown): string[] {
  if (typeof description === 'string' && description.trim() !== '') return [];
  return ['description is missing; customers read it to choose their events: write one sentence'];
}

function exampleProblems(example: unknown): string[] {
  if (!isRecord(example)) return [`example is ${kindOf(example)}; expected: an object, the data of an event`];
  const json = toJson(example);
  if (json === undefined) return ['example is nested too deeply: use fewer levels'];
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_EXAMPLE_BYTES) return [];
  return [`example is ${bytes} bytes of JSON; at most ${MAX_EXAMPLE_BYTES} can be sent: shorten it`];
}

function schemaProblems(schema: unknown, example: unknown): string[] {
  if (!isRecord(schema)) return [`schema is ${kindOf(schema)}; expected: a JSON Schema (2020-12) object`];
  if (toJson(schema) === undefined) return ['schema is nested too deeply: use fewer levels'];
  if ('$async' in schema) return ['schema has "$async", which is no keyword of JSON Schema: remove it'];
  try {
    if (metaSchema.validateSchema(schema) !== true) return (metaSchema.errors ?? []).map(invalidSchema);
    const validate = createJsonSchema({ allErrors: true }).compile(schema);
    if (validate(example)) return [];
    return (validate.errors ?? []).map(
      (error) => `example does not satisfy its schema: ${describe('example', error)}; change one of the two`,
    );
  } catch (error) {
    return [`${INVALID_SCHEMA}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const INVALID_SCHEMA = 'schema is not a valid JSON Schema (2020-12)';

function invalidSchema(error: ErrorObject): string {
  return `${INVALID_SCHEMA}: ${describe('schema', error)}`;
}

function sizeProblems(entries: readonly unknown[]): string[] {
  const bytes = Buffer.byteLength(toJson(toJson(entries) ?? '') ?? '');
  if (bytes <= MAX_RESPONSE_BYTES) return [];
  return [
    `it is ${bytes} bytes as a response of the API; at most ${MAX_RESPONSE_BYTES} can be returned: shorten its examples and schemas`,
  ];
}

function duplicatesOf(entries: readonly unknown[]): string[] {
  const names = entries.map((entry) => (isRecord(entry) ? entry.name : undefined));
  const repeated = names.filter((name, index) => typeof name === 'string' && names.indexOf(name) !== index);
  return [...new Set(repeated)].map((name) => `"${name}" is listed more than once: keep one of them`);
}

function describe(root: string, error: ErrorObject): string {
  const detail = Object.values(error.params).filter((value) => typeof value !== 'object');
  return `${root}${error.instancePath} ${error.message ?? error.keyword}${detail.length > 0 ? ` (${detail.join(', ')})` : ''}`;
}

function labelOf(entry: unknown, index: number): string {
  const name = isRecord(entry) && typeof entry.name === 'string' ? ` ("${entry.name}")` : '';
  return `entry ${index + 1}${name}`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
