import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Json } from '../aws-calls.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { MessageAttribute, MessageAttributes } from './message.ts';

/** These functions read one field of a request. They throw `AwsError` if it is missing or invalid. */
export function readText(input: Json, name: string): string {
  const value = readOptionalText(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

export function readOptionalText(input: Json, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(name, JSON.stringify(value), 'Must be a string.');
  return value;
}

export function readInteger(input: Json, name: string, min: number, max: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw invalidParameter(name, value, `Must be between ${min} and ${max}, if provided.`);
  }
  return value;
}

export function readTexts(input: Json, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidParameter(name, JSON.stringify(value), 'Must be a list of strings.');
  }
  return value;
}

export function readEntries(input: Json): Json[] {
  const value = input.Entries ?? [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw invalidParameter('Entries', JSON.stringify(value), 'Must be a list of entries.');
  }
  return value;
}

export function readMessageAttributes(input: Json): MessageAttributes {
  const value = input.MessageAttributes ?? {};
  if (!isJsonObject(value))
    throw invalidParameter('MessageAttributes', JSON.stringify(value), 'Must be a map.');
  return Object.fromEntries(
    Object.entries(value).map(([name, raw]) => [name, readMessageAttribute(name, raw)]),
  );
}

function readMessageAttribute(name: string, raw: unknown): MessageAttribute {
  const fields = isJsonObject(raw) ? raw : {};
  const dataType = readText(fields, 'DataType');
  const stringValue = readOptionalText(fields, 'StringValue');
  const binaryValue = readOptionalText(fields, 'BinaryValue');
  const [kind] = dataType.split('.', 1);
  const isBinary = kind === 'Binary';
  if (kind !== 'String' && kind !== 'Number' && !isBinary) {
    throw invalidParameter(
      name,
      dataType,
      'The type must be String, Number or Binary, with an optional label.',
    );
  }
  if (isBinary ? !binaryValue : !stringValue) {
    throw invalidParameter(
      name,
      '',
      `The message attribute must contain a non-empty value of type ${dataType}.`,
    );
  }
  return {
    dataType,
    ...(stringValue === undefined ? {} : { stringValue }),
    ...(binaryValue === undefined ? {} : { binaryValue }),
  };
}
