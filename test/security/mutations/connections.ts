import type { Mutation, Mutations } from './mutation.ts';

const CONNECTION = 'lambdas/shared/wire/connection.ts';
const EXCHANGE = 'lambdas/shared/wire/exchange.ts';
const FAILURE = 'lambdas/shared/wire/failure.ts';
const FIND_ADDRESSES = 'lambdas/shared/wire/find-addresses.ts';
const IDLE = 'lambdas/shared/wire/idle-connections.ts';
const POST = 'lambdas/shared/wire/post.ts';
const ADDRESS_RULES = 'lambdas/shared/domain/address.ts';
const FOLLOW_UP = 'lambdas/shared/domain/follow-up.ts';
const MAKE_ATTEMPT = 'lambdas/send-delivery/make-attempt.ts';
const DELIVERY_ITEM = 'lambdas/shared/store/delivery-item.ts';

const ADDRESSES_TEST = 'test/wire/post-addresses.test.ts';
const ANSWERS_TEST = 'test/wire/post-answers.test.ts';
const TLS_TEST = 'test/wire/post-tls.test.ts';
const CONNECTIONS_TEST = 'test/wire/post-connections.test.ts';
const ATTEMPT_TEST = 'test/send-delivery/make-attempt.test.ts';
const FOLLOW_UP_TEST = 'test/domain/follow-up.test.ts';
const STORE_TEST = 'test/store/deliveries.test.ts';

/** A code of OpenSSL, Node or undici that is not put into words any more. */
function withoutWords(entry: string, test: string): Mutation {
  return { file: FAILURE, take: `\n  ${entry},`, put: '', in: [test] };
}

export const CONNECTIONS: Mutations = {
  'a name that resolves to something else at the second look (DNS rebinding)': [
    {
      file: CONNECTION,
      take: 'lookup: (_name, _options, callback) => callback(null, addresses.map(toLookupAddress)),',
      put: '',
      in: [ADDRESSES_TEST],
    },
    {
      file: FIND_ADDRESSES,
      take: 'const reason = whyAddressRefused(address, rules);',
      put: 'const reason = undefined;',
      in: [ADDRESSES_TEST],
    },
    {
      file: FIND_ADDRESSES,
      take: 'if (isIP(host) !== 0) return { ok: true, addresses: [host] };',
      put: '',
      in: [ADDRESSES_TEST],
    },
    // A literal is checked twice, as a URL and as an address: by this, both times.
    {
      file: ADDRESS_RULES,
      take: "const name = family === 'ipv4' ? isNotPublicV4(ip, family) : whyNotPublicV6(ip);",
      put: 'const name = undefined;',
      in: [ADDRESSES_TEST],
    },
    {
      file: CONNECTION,
      take: 'new Client(target.origin,',
      put: "new Client(target.origin.replace(target.host, '127.0.0.1'),",
      in: [ADDRESSES_TEST],
    },
    {
      file: CONNECTION,
      take: 'rejectUnauthorized: true,',
      put: 'rejectUnauthorized: true, checkServerIdentity: () => undefined,',
      in: [ADDRESSES_TEST],
    },
    {
      file: CONNECTION,
      take: "servername: target.isAddress ? '' : target.host,",
      put: "servername: '',",
      in: [TLS_TEST],
    },
  ],

  'an answer of DNS with public and other addresses': [
    { file: FIND_ADDRESSES, take: 'of found.addresses)', put: 'of found.addresses.slice(0, 1))' },
    { file: FIND_ADDRESSES, take: 'of found.addresses)', put: 'of found.addresses.slice(-1))' },
    {
      file: FIND_ADDRESSES,
      take: 'of found.addresses)',
      put: "of found.addresses.filter((one) => !one.includes(':')))",
    },
    {
      file: FIND_ADDRESSES,
      take: 'if (reason !== undefined) return { ok: false, failure: refuse(host, reason) };',
      put: 'if (reason === undefined) return { ok: true, addresses: [address] };',
    },
  ],

  'a redirect, to anywhere': [
    {
      file: POST,
      take: 'return toResult(outcome, durationMs(), reconnected);',
      put: `if (outcome.kind === 'answered' && outcome.location !== undefined)
        return await post({ ...request, url: outcome.location });
      return toResult(outcome, durationMs(), reconnected);`,
      in: [ANSWERS_TEST],
    },
    { file: EXCHANGE, take: ', ...readLocation(headers.location) }', put: ' }', in: [ANSWERS_TEST] },
    { file: MAKE_ATTEMPT, take: ' : status === 200;', put: ' : status < 400;', in: [ATTEMPT_TEST] },
    {
      file: MAKE_ATTEMPT,
      take: '...(result.location === undefined ? {} : { location: result.location }),',
      put: '',
      in: [ATTEMPT_TEST],
    },
    { file: DELIVERY_ITEM, take: 'location: attempt.location,', put: '', in: [STORE_TEST] },
  ],

  "a proxy in the function's environment": [
    {
      file: CONNECTION,
      take: 'port: target.port,',
      put: 'port: Number(new URL(process.env.HTTP_PROXY ?? target.origin).port),',
    },
  ],

  'headers or a body that trickle, stall or never end': [
    { file: POST, take: 'DEADLINE_MS = 30_000', put: 'DEADLINE_MS = 60_000', in: [ANSWERS_TEST] },
    {
      file: POST,
      take: 'setImmediate(() => exchange.stop(overdue)), deadlineMs)',
      put: 'setImmediate(() => exchange.stop(overdue)), deadlineMs * 2)',
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: "if (settled) return;\n      const stage = connection.stage() === 'open'",
      put: "if (settled || head !== undefined) return;\n      const stage = connection.stage() === 'open'",
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: "if (settled) return;\n      const stage = connection.stage() === 'open'",
      put: "if (settled || connection.stage() === 'resolving the host name') return;\n      const stage = connection.stage() === 'open'",
      in: [ADDRESSES_TEST],
    },
    {
      file: EXCHANGE,
      take: "if (settled) return;\n      const stage = connection.stage() === 'open'",
      put: "if (settled || connection.stage() === 'connecting') return;\n      const stage = connection.stage() === 'open'",
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: "if (settled) return;\n      const stage = connection.stage() === 'open'",
      put: "if (settled || connection.stage() === 'in the TLS handshake') return;\n      const stage = connection.stage() === 'open'",
      in: [TLS_TEST],
    },
    {
      file: EXCHANGE,
      take: "settle({ kind: 'failed', ...failure, unanswered });\n    connection.destroy();",
      put: "settle({ kind: 'failed', ...failure, unanswered });",
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: 'openStage(head !== undefined) : connection.stage();',
      put: "'open' : connection.stage();",
      in: [ANSWERS_TEST],
    },
  ],

  'a body without end, a false Content-Length, headers without end': [
    { file: EXCHANGE, take: 'MAX_BODY_BYTES = 16 * 1024', put: 'MAX_BODY_BYTES = 32 * 1024' },
    { file: EXCHANGE, take: "if (chunk.length > room) cut('the body is too long');", put: '' },
    {
      file: EXCHANGE,
      take: 'answer(head, true);\n    connection.destroy();',
      put: 'answer(head, true);',
    },
    {
      file: EXCHANGE,
      take: 'if (head === undefined) {\n      breakProtocol(what);',
      put: 'if (true) {\n      breakProtocol(what);',
    },
    { file: EXCHANGE, take: 'MAX_ANSWER_BYTES = 160 * 1024', put: 'MAX_ANSWER_BYTES = 2 ** 40' },
    { file: CONNECTION, take: 'MAX_HEADER_BYTES = 16 * 1024', put: 'MAX_HEADER_BYTES = 2 ** 30' },
  ],

  'a compressed bomb': [
    {
      file: 'lambdas/shared/wire/headers.ts',
      take: "'Accept-Encoding': 'identity',",
      put: '',
      in: ['test/wire/headers.test.ts'],
    },
    {
      file: EXCHANGE,
      take: "const body = Buffer.concat(chunks).toString('utf8');",
      put: `const bytes = Buffer.concat(chunks);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const body = (isGzip ? process.getBuiltinModule('node:zlib').gunzipSync(bytes) : bytes).toString('utf8');`,
      in: [ANSWERS_TEST],
    },
  ],

  'a flood of interim answers, a switch of protocols, HTTP/0.9, broken framing, noise': [
    {
      file: EXCHANGE,
      take: 'else if (++interimAnswers > MAX_INTERIM_ANSWERS)',
      put: 'else if (false)',
      in: [ANSWERS_TEST],
    },
    { file: EXCHANGE, take: 'if (status === SWITCHING_PROTOCOLS)', put: 'if (false)', in: [ANSWERS_TEST] },
    withoutWords("'bad response': 'the answer was an interim response that was not asked for'", ANSWERS_TEST),
    withoutWords("'bad upgrade': 'the answer switched to another protocol'", ANSWERS_TEST),
    {
      file: FAILURE,
      take: 'const protocol = isMalformed(error) ? NOT_HTTP : ',
      put: 'const protocol = ',
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: 'if (head === undefined || isMalformed(error))',
      put: 'if (head === undefined)',
      in: [ANSWERS_TEST],
    },
    {
      file: EXCHANGE,
      take: 'if (isOurMistake(error))',
      put: 'if (true)',
      in: ['test/wire/post-fuzz.test.ts'],
    },
  ],

  'a certificate that is expired, self-signed, for another host or without its chain; TLS before 1.2': [
    { file: CONNECTION, take: 'rejectUnauthorized: true,', put: 'rejectUnauthorized: false,' },
    { file: CONNECTION, take: 'rejectUnauthorized: true,', put: '' },
    // OpenSSL's default ciphers are none for older versions: both go.
    {
      file: POST,
      take: 'minVersion: MIN_TLS_VERSION,',
      put: "minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0',",
    },
    withoutWords("CERT_HAS_EXPIRED: 'the certificate has expired'", TLS_TEST),
    withoutWords("DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed'", TLS_TEST),
    withoutWords("ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name'", TLS_TEST),
    withoutWords('UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER', TLS_TEST),
    { file: FAILURE, take: "code.startsWith('ERR_SSL_')", put: 'false' },
  ],

  'a name that does not resolve; a connection that is refused, reset or leads nowhere': [
    {
      file: 'lambdas/shared/wire/resolve.ts',
      take: 'if (records.length === 0)',
      put: 'if (false)',
      in: [ADDRESSES_TEST],
    },
    withoutWords("ECONNREFUSED: 'refused the connection'", ANSWERS_TEST),
    withoutWords("ECONNRESET: 'reset the connection'", ANSWERS_TEST),
    ...(['dns_error', 'connection_error', 'timeout'] as const).map((error) => ({
      file: FOLLOW_UP,
      take: "FINAL_ERRORS: readonly AttemptError[] = ['address_refused']",
      put: `FINAL_ERRORS: readonly AttemptError[] = ['address_refused', '${error}']`,
      in: [FOLLOW_UP_TEST],
    })),
  ],

  'an address that is refused': [
    {
      file: FOLLOW_UP,
      take: "FINAL_ERRORS: readonly AttemptError[] = ['address_refused']",
      put: 'FINAL_ERRORS: readonly AttemptError[] = []',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: FIND_ADDRESSES,
      take: "{ error: 'address_refused', reason:",
      put: "{ error: 'connection_error', reason:",
      in: [ADDRESSES_TEST],
    },
    {
      file: FIND_ADDRESSES,
      take: 'refuse(host, reason) }',
      put: 'refuse(host, reason + address) }',
      in: [ADDRESSES_TEST],
    },
    {
      file: ADDRESS_RULES,
      take: "family === 'ipv4' ? isNotPublicV4(ip, family)",
      put: "family === 'ipv4' ? isNotPublicV4(ip, family)?.concat(' at ', ip)",
      in: ['test/domain/address.test.ts'],
    },
  ],

  'a kept connection that died while nobody looked': [
    {
      file: POST,
      take: 'const reconnected = reused !== undefined && ',
      put: 'const reconnected = false && ',
      in: [CONNECTIONS_TEST],
    },
    {
      file: POST,
      take: 'const reconnected = reused !== undefined && ',
      put: 'const reconnected = ',
      in: [CONNECTIONS_TEST],
    },
    {
      file: POST,
      take: 'if (reconnected) {',
      put: "while (reconnected && outcome.kind === 'failed' && outcome.unanswered) {",
      in: [CONNECTIONS_TEST],
    },
    { file: EXCHANGE, take: ' && !answering', put: '', in: [CONNECTIONS_TEST] },
    {
      file: MAKE_ATTEMPT,
      take: '...(result.reconnected ? { reconnected: true } : {}),',
      put: '',
      in: [ATTEMPT_TEST],
    },
    { file: DELIVERY_ITEM, take: 'reconnected: attempt.reconnected,', put: '', in: [STORE_TEST] },
  ],

  'two hosts on one address': [
    {
      file: IDLE,
      take: 'idle.get(origin)?.toReversed() ?? []',
      put: '[...idle.values()].flat().toReversed()',
    },
    { file: IDLE, take: 'remove(last.connection);', put: '' },
  ],

  'a connection that outlived a freeze of the environment': [
    { file: IDLE, take: ' && now - since < KEEP_ALIVE_MS', put: '' },
    { file: IDLE, take: ' && age < MAX_CONNECTION_AGE_MS', put: '' },
  ],

  'an answer that a person will read': [
    {
      file: MAKE_ATTEMPT,
      take: 'MAX_EXCERPT_CHARACTERS = 256',
      put: 'MAX_EXCERPT_CHARACTERS = 257',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: "if (answer.body === '') return {};",
      put: 'return {};',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: 'answer.bodyCut || answer.body.length',
      put: 'answer.body.length',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: ' || answer.body.length > MAX_EXCERPT_CHARACTERS',
      put: '',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: 'isSuccess(status, success)) {\n    return { status };',
      put: 'isSuccess(status, success)) {\n    return { status, ...excerptOf(result) };',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: 'echoesChallenge(message.body, result)) return { status };',
      put: 'echoesChallenge(message.body, result)) return { status, ...excerptOf(result) };',
      in: [ATTEMPT_TEST],
    },
    {
      file: MAKE_ATTEMPT,
      take: "if (result.kind === 'failed') return { error: result.error, reason: result.reason };",
      put: "if (result.kind === 'failed') return result;",
      in: [ATTEMPT_TEST],
    },
    { file: DELIVERY_ITEM, take: 'excerpt: attempt.excerpt,', put: '', in: [STORE_TEST] },
    { file: DELIVERY_ITEM, take: 'excerpt_cut: attempt.excerptCut,', put: '', in: [STORE_TEST] },
    { file: EXCHANGE, take: ".replace(CONTROL_CHARACTERS, '')", put: '', in: [ANSWERS_TEST] },
    { file: EXCHANGE, take: '.slice(0, MAX_LOCATION_CHARACTERS)', put: '', in: [ANSWERS_TEST] },
  ],

  'an endpoint that fails, watched through the dead-letter queue': [
    { file: FOLLOW_UP, take: '      number,\n      at,', put: '      ...attempt,\n      at,' },
    {
      file: FOLLOW_UP,
      take: 'exhausted: true, history: withAttempt(message.history, failed)',
      put: 'exhausted: true, history: [...message.history, failed]',
    },
    {
      file: FOLLOW_UP,
      take: '...(error === undefined ? {} : { error }),',
      put: '',
    },
  ],
  'a name with a great many addresses': [
    {
      file: 'lambdas/shared/wire/find-addresses.ts',
      take: 'addresses: firstOfEachFamily(found.addresses)',
      put: 'addresses: found.addresses',
    },
    {
      file: 'lambdas/shared/wire/find-addresses.ts',
      take: 'for (const address of found.addresses) {',
      put: 'for (const address of firstOfEachFamily(found.addresses)) {',
    },
  ],
};
