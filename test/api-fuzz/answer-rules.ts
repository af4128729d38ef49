import { isUtf8 } from 'node:buffer';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { createRouter } from '../../local/http-api/routes.ts';
import { type OpenApi, type Operation, validatorFor } from '../serve-api/support/open-api-contract.ts';
import { formatViolations } from './formats.ts';

/** A request as it was sent, without placeholders. */
export interface SentRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | undefined;
}

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Expectations {
  /** Whether the request had a valid key. */
  readonly hasValidKey: boolean;
  /** Texts that the answer must not contain: data of other accounts, and all keys and signing secrets. */
  readonly secrets: readonly string[];
}

/** Twice the length of the longest list of errors. */
const MAX_PROBLEM_CHARACTERS = 32_768;

/** Names of internal components, and text that results from a defect, such as `[object Object]`. */
const INTERNALS =
  /node_modules|\bat \S+ \(|\.(?:ts|js|mjs):\d|file:\/\/\/(?:var|work|home|tmp)|\/var\/task|arn:aws|dynamodb|ValidationException|TypeError|RangeError|SyntaxError|\bzod\b|ACCOUNT#|\[object |ECONN/i;

const SAFE_HEADER = /^[\x20-\x7e]*$/;

/** Creates the rules for every answer of an API that allows web pages of these origins. */
export function createAnswerRules(document: OpenApi, corsOrigins: readonly string[]) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      key: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const findRoute = createRouter(operations);
  const ajv = validatorFor(document);
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (ref: string): ValidateFunction => {
    const known = validators.get(ref) ?? ajv.compile({ $ref: `api${ref}` });
    validators.set(ref, known);
    return known;
  };

  const schemaOf = (operation: Operation | undefined, answer: FuzzAnswer, type: string | undefined) => {
    if (operation === undefined) {
      if (answer.status !== 404 && answer.status !== 405) return undefined;
      return type === 'application/problem+json' ? { $ref: PROBLEM } : undefined;
    }
    return operation.responses[answer.status]?.content?.[type ?? '']?.schema;
  };

  /** The call with the path of the request, as sent or decoded; undefined when the document has none. */
  const operationOf = ({ method, target }: SentRequest): Operation | undefined => {
    const [path = ''] = target.split('?', 1);
    return (findRoute(method, path) ?? findRoute(method, decode(path)))?.route.operation;
  };

  return {
    operationOf,

    /** One sentence for each rule that the answer violates. */
    violationsOf(request: SentRequest, answer: FuzzAnswer, expected: Expectations): string[] {
      const operation = operationOf(request);
      const violations: string[] = [];
      const { status, text, headers } = answer;
      const type = headers['content-type']?.split(';', 1)[0];
      const isProblem = type === 'application/problem+json';
      if (status >= 500) violations.push(`it is a ${status}`);

      violations.push(...headerViolations(request, answer, corsOrigins));
      if (isPreflight(request, answer)) return violations;
      const documented = operation?.responses[status];
      if (operation !== undefined && documented === undefined) violations.push(`${status} is not documented`);
      const schema = schemaOf(operation, answer, type);
      if (schema !== undefined) violations.push(...bodyViolations(schema, text, validatorOf));
      else if (documented?.content !== undefined || operation === undefined)
        violations.push(`${type} is not documented`);
      else if (text !== '') violations.push('it has a body, which is not documented');
      if (isProblem && Object(parse(text)).status !== status)
        violations.push('its status is not that of its body');
      if (isProblem && text.length > MAX_PROBLEM_CHARACTERS)
        violations.push(`it has ${text.length} characters`);

      const [internal] = INTERNALS.exec(text + JSON.stringify(headers)) ?? [];
      if (internal !== undefined) violations.push(`it contains "${internal}"`);
      if (!Object.values(headers).every((value) => SAFE_HEADER.test(value)))
        violations.push('a header is not safe');
      if (headers['x-injected'] !== undefined) violations.push('a header was injected');
      if (!isWellFormed(parse(text))) violations.push('it contains a lone surrogate');

      if (expected.secrets.some((secret) => text.includes(secret)))
        violations.push('it contains a secret or data of another account');
      const isOpen = operation?.operationId === 'getOpenApi';
      if (status < 400 && !isOpen && !expected.hasValidKey)
        violations.push('it has a success status without valid credentials');
      if (status < 400 && operation !== undefined)
        violations.push(...acceptanceViolations(operation, request, validatorOf));
      if (operation?.requestBody !== undefined) violations.push(...formatViolations(request.headers, status));
      return violations;
    },
  };
}

/** The answer to a preflight request. The document does not describe it, since browsers send them for scripts. */
function isPreflight({ method }: SentRequest, { status, headers, text }: FuzzAnswer): boolean {
  return method === 'OPTIONS' && status === 204 && text === '' && 'access-control-allow-methods' in headers;
}

/** The id of the request, and CORS headers for the allowed origins alone. */
function headerViolations(
  request: SentRequest,
  { headers, text }: FuzzAnswer,
  corsOrigins: readonly string[],
): string[] {
  const id = headers['x-request-id'];
  const idInBody =
    headers['content-type'] === 'application/problem+json' ? Object(parse(text)).request_id : id;
  const origins = request.headers
    .filter(([name]) => name.toLowerCase() === 'origin')
    .map(([, value]) => value);
  const allowed = origins.length === 1 ? corsOrigins.find((origin) => origin === origins[0]) : undefined;
  return [
    ...(id === undefined ? ['it has no X-Request-Id'] : []),
    ...(idInBody === id ? [] : ['the id in its body is not that of its header']),
    ...(headers['access-control-allow-origin'] === allowed ? [] : ['it allows the wrong origin']),
    ...(headers.vary === (corsOrigins.length > 0 ? 'Origin' : undefined) ? [] : ['its header Vary is wrong']),
  ];
}

const PROBLEM = '#/components/schemas/Problem';

function bodyViolations(
  schema: object,
  text: string,
  validatorOf: (ref: string) => ValidateFunction,
): string[] {
  const body = parse(text);
  if (body === undefined) return ['it is not JSON'];
  const { $ref } = { $ref: undefined, ...schema };
  if ($ref === undefined) return [];
  const validate = validatorOf($ref);
  return validate(body) ? [] : [`its body does not match the document: ${JSON.stringify(validate.errors)}`];
}

/** Every accepted input must match the document, since clients are generated from it. */
function acceptanceViolations(
  operation: Operation,
  request: SentRequest,
  validatorOf: (ref: string) => ValidateFunction,
): string[] {
  const { $ref } = { $ref: undefined, ...operation.requestBody?.content['application/json']?.schema };
  if ($ref === undefined) return queryViolations(operation, request);
  if (!isUtf8(request.body ?? Buffer.alloc(0))) return ['it accepts a body that is not UTF-8'];
  const validate = validatorOf($ref);
  const input = parse(new TextDecoder().decode(request.body));
  return validate(input)
    ? []
    : [`it accepts an input that does not match the document: ${JSON.stringify(validate.errors)}`];
}

function queryViolations(operation: Operation, { target }: SentRequest): string[] {
  const known = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
  if (known.length === 0) return [];
  const given = new URLSearchParams(target.split('?').slice(1).join('?'));
  const invalid = [...given].filter(
    ([name, value]) =>
      !known.includes(name) ||
      (name === 'limit' && !/^[0-9]{1,3}$/.test(value)) ||
      !isInEnum(operation, name, value),
  );
  return invalid.length === 0 ? [] : [`it accepts the query ${JSON.stringify(invalid)}`];
}

function isInEnum({ parameters = [] }: Operation, name: string, value: string): boolean {
  const values: unknown = Object(parameters.find((one) => one.name === name)?.schema).enum;
  return !Array.isArray(values) || values.includes(value);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWellFormed(inner));
}
