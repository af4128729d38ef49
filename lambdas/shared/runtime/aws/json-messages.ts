import type {
  DeserializeMiddleware,
  HandlerExecutionContext,
  HttpResponse,
  MiddlewareStack,
  SerializeMiddleware,
} from '@smithy/types';

/** The commands whose messages are converted here, by the service's name in signatures. */
const CONVERTED: Readonly<Record<string, Operations>> = {
  dynamodb: {
    target: 'DynamoDB_20120810',
    headers: {},
    names: [
      'BatchGetItem',
      'BatchWriteItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'Scan',
      'UpdateItem',
    ],
  },
  sqs: {
    target: 'AmazonSQS',
    // As the SDK does, so that errors have the names of SQS's older protocol.
    headers: { 'x-amzn-query-mode': 'true' },
    names: ['ChangeMessageVisibilityBatch', 'SendMessageBatch'],
  },
};

interface Operations {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly names: readonly string[];
}

type Fields = Record<string, unknown>;
type Serializer = SerializeMiddleware<Fields, Fields>;
type Deserializer = DeserializeMiddleware<Fields, Fields>;

/** The part of a client that is changed. */
interface ClientWithStack {
  readonly middlewareStack: { remove(name: string): boolean };
}

/**
 * Converts the messages of the commands above with `JSON`, in place of the SDK's interpreter of schemas. In both
 * directions these messages are JSON, apart from bytes, which are in base64, and contain no dates. The SDK still
 * converts everything else: other commands, responses with an error, and responses that are not JSON. The results are
 * the same as the SDK's, except that fields which the SDK does not know are not left out.
 *
 * Throws when the SDK's stack has no such steps.
 */
export function convertWithJson(client: ClientWithStack, service: string): void {
  const operations = CONVERTED[service];
  if (operations === undefined) return;
  // The types of a client's stack accept one kind of command at a time.
  const stack = client.middlewareStack as unknown as MiddlewareStack<Fields, Fields>;
  const { serializer, deserializer } = findSteps(stack);
  const isConverted = ({ commandName = '' }: HandlerExecutionContext): boolean =>
    operations.names.some((name) => commandName === `${name}Command`);
  stack.add(withJson(serializer, operations, isConverted), {
    name: SERIALIZER,
    step: 'serialize',
    override: true,
  });
  stack.add(fromJson(deserializer, isConverted), { name: DESERIALIZER, step: 'deserialize', override: true });
}

/**
 * These match JSON in which an attribute may have bytes, and sometimes other JSON. Inside a text, quotation marks are
 * escaped: a text never matches.
 */
const BYTES_AS_OBJECT = /"B":\{|"BS":\[\{/;
const BYTES_AS_TEXT = /"BS?"\s*:\s*["[]/;

const SERIALIZER = 'serializerMiddleware';
const DESERIALIZER = 'deserializerMiddleware';

/** The SDK's own steps. A stack exposes its steps to another stack only. */
function findSteps(stack: MiddlewareStack<Fields, Fields>): {
  serializer: Serializer;
  deserializer: Deserializer;
} {
  const steps = new Map<string | undefined, unknown>();
  const collector = {
    add: (step: unknown, options: { readonly name?: string } = {}) => steps.set(options.name, step),
    addRelativeTo: () => undefined,
  };
  stack.applyToStack(collector as unknown as MiddlewareStack<Fields, Fields>);
  const serializer = steps.get(SERIALIZER);
  const deserializer = steps.get(DESERIALIZER);
  if (serializer === undefined || deserializer === undefined) {
    throw new Error(`the SDK has no middleware ${SERIALIZER} or ${DESERIALIZER}; find their new names`);
  }
  return { serializer: serializer as Serializer, deserializer: deserializer as Deserializer };
}

type IsConverted = (context: HandlerExecutionContext) => boolean;

function withJson(sdk: Serializer, { target, headers }: Operations, isConverted: IsConverted): Serializer {
  return (next, context) => {
    if (!isConverted(context)) return sdk(next, context);
    const fixed = {
      ...headers,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${target}.${context.commandName?.slice(0, -'Command'.length)}`,
    };
    return (args) => {
      const url = context.endpointV2?.url;
      if (url === undefined) throw new Error('the SDK has resolved no endpoint before its serializer');
      const { protocol, hostname, port, pathname: path } = url;
      const request = {
        ...{ method: 'POST', protocol, hostname, path, query: {}, headers: { ...fixed } },
        ...(port === '' ? {} : { port: Number(port) }),
        body: encode(args.input),
      };
      return next({ ...args, request });
    };
  };
}

function fromJson(sdk: Deserializer, isConverted: IsConverted): Deserializer {
  return (next, context) => {
    if (!isConverted(context)) return sdk(next, context);
    return async (args) => {
      const result = await next(args);
      const response = result.response as HttpResponse;
      const output = response.statusCode < 300 ? decode(response.body) : undefined;
      if (output === undefined) return sdk(async () => result, context)(args);
      output.$metadata = {
        httpStatusCode: response.statusCode,
        requestId: response.headers['x-amzn-requestid'],
      };
      return { response, output };
    };
  };
}

function encode(input: Fields): string {
  const text = JSON.stringify(input);
  // Bytes that do not convert themselves. With a function, JSON.stringify takes several times as long.
  return BYTES_AS_OBJECT.test(text) ? JSON.stringify(input, bytesInBase64) : text;
}

/** A replacer for `JSON.stringify`. For a Buffer, `value` is the result of its `toJSON`. */
function bytesInBase64(this: Fields, name: string, value: unknown): unknown {
  const bytes = this[name];
  if (!(bytes instanceof Uint8Array)) return value;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Undefined when it is not a JSON object. */
function decode(body: Uint8Array): Fields | undefined {
  try {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
    const output: unknown = JSON.parse(text || '{}');
    if (typeof output !== 'object' || output === null || Array.isArray(output)) return undefined;
    if (BYTES_AS_TEXT.test(text)) decodeBytes(output as Fields);
    return output as Fields;
  } catch {
    return undefined;
  }
}

/**
 * Only an attribute's value has a field `B` or `BS` with texts: in a map of attributes, each name has an object. No response
 * of SQS has such a field.
 */
function decodeBytes(value: Fields): void {
  for (const name in value) {
    const field = value[name];
    if (name === 'B' && typeof field === 'string') value[name] = bytesOf(field);
    else if (name === 'BS' && Array.isArray(field) && field.every((text) => typeof text === 'string')) {
      value[name] = field.map(bytesOf);
    } else if (typeof field === 'object' && field !== null) decodeBytes(field as Fields);
  }
}

/** Copies the bytes: a small Buffer shares its memory with others. */
function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
