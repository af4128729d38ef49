import type { Json } from '../local/aws-calls.ts';

/** Undefined if the text is not valid JSON. */
export function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** The objects in an array; empty if the value is not an array. */
export function listIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}
