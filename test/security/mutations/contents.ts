import type { Mutations } from './mutation.ts';

export const CONTENTS: Mutations = {
  'outgoing headers': [
    {
      file: 'lambdas/shared/wire/headers.ts',
      take: "'X-Webhook-Delivery': message.deliveryId,",
      put: "'X-Webhook-Delivery': message.deliveryId, 'X-Webhook-Kind': message.kind,",
      in: ['test/wire/headers.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/exchange.ts',
      take: 'headers: request.headers, body: request.body }',
      put: "headers: { accept: '*/*', ...request.headers }, body: request.body }",
      in: ['test/wire/post-answers.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/make-attempt.ts',
      take: 'headers: deliveryHeaders(message, signed, message.attempt),',
      put: "headers: { ...deliveryHeaders(message, signed, message.attempt), 'X-Request-Id': request.token },",
      in: ['test/journeys/deliver.test.ts'],
    },
  ],
  'secrets and API keys on their way through the system': [
    // A request.
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: "previousHex: hmac(keysOf(previous).plain, plainText, 'hex')",
      put: 'previousHex: previous',
      in: ['test/wire/post-answers.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: "v1,${hmac(keysOf(secret).standard, standardText, 'base64')}",
      put: "v1,${Buffer.from(secret).toString('base64')}",
      in: ['test/security/secrets.test.ts'],
    },
    // Log lines.
    {
      file: 'lambdas/serve-api/handler.ts',
      take: '.use(injectLambdaContext(logger))',
      put: '.use(injectLambdaContext(logger, { logEvent: true }))',
      in: ['test/security/secrets.test.ts'],
    },
    // An error, which is logged.
    {
      file: 'lambdas/serve-api/calls/create-webhook.ts',
      take: 'await deps.keyring.seal(secret, { accountId, webhookId: id }, createdAt)',
      put: 'await deps.keyring.seal(secret, { accountId, webhookId: id }, createdAt).catch((cause) => { throw new Error(`cannot seal ${secret}`, { cause }); })',
      in: ['test/security/secrets.test.ts'],
    },
    // Queue messages.
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: '  return {\n    timestamp,',
      put: '  return {\n    secrets,\n    timestamp,',
      in: ['test/security/secrets.test.ts'],
    },
    // Stored items: the data key beside itself wrapped, and an API key.
    {
      file: 'lambdas/shared/store/keyring.ts',
      take: 'wrapped: CiphertextBlob, created_at',
      put: 'wrapped: CiphertextBlob, plaintext: Plaintext, created_at',
      in: ['test/security/secrets.test.ts'],
    },
    {
      file: 'lambdas/shared/store/api-keys.ts',
      take: 'account_id: accountId, name, created_at',
      put: 'account_id: accountId, name, key, created_at',
      in: ['test/security/secrets.test.ts'],
    },
    // Answers: to a secret that was given, to one that is refused, and to a key that is.
    {
      file: 'lambdas/serve-api/calls/test-webhook.ts',
      take: '{ event_id: eventId, delivery_id: message.deliveryId }',
      put: '{ event_id: eventId, delivery_id: message.deliveryId, secrets: opened.secrets }',
      in: ['test/security/secrets.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/read-json-body.ts',
      take: "return line === undefined ? '' : `: see line ${line}, column ${column}`;",
      put: 'return `: ${String(error)} at ${line}, ${column}`;',
      in: ['test/security/secrets.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: '\'the header "Authorization" holds no API key',
      put: '`"${header}" is no good: ` + \'the header "Authorization" holds no API key',
      in: ['test/security/secrets.test.ts'],
    },
  ],
  'the bytes that are signed': [
    {
      file: 'lambdas/send-delivery/make-attempt.ts',
      take: 'body: message.body,',
      put: 'body: JSON.stringify(JSON.parse(message.body), undefined, 2),',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/exchange.ts',
      take: 'body: request.body }',
      put: "body: Buffer.from(request.body, 'latin1') }",
      in: ['test/journeys/bodies.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/headers.ts',
      take: "'X-Webhook-Signature': `sha256=${signed.hex}`",
      put: "'X-Webhook-Signature': signed.hex",
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/send-known.ts',
      take: 'timestamp: Math.floor(now / 1000),',
      put: 'timestamp: message.signed.timestamp,',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/send-delivery/send-known.ts',
      take: 'body: message.body,',
      put: 'body: JSON.stringify(JSON.parse(message.body), undefined, 2),',
      in: ['test/send-delivery/send-delivery.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: 'const plainText = `${timestamp}.${body}`;',
      put: 'const plainText = `${timestamp}.${body.length}`;',
      in: ['test/wire/sign.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: 'const plainText = `${timestamp}.${body}`;',
      put: 'const plainText = body;',
      in: ['test/wire/sign.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: 'const standardText = `${eventId}.${plainText}`;',
      put: 'const standardText = plainText;',
      in: ['test/wire/sign.test.ts'],
    },
    {
      file: 'lambdas/shared/wire/sign.ts',
      take: 'const cached = keysBySecret.get(secret);',
      put: 'const cached = keysBySecret.values().next().value;',
      in: ['test/wire/sign.test.ts'],
    },
  ],
  'a signing secret': [
    {
      file: 'lambdas/serve-api/calls/create-webhook.ts',
      take: 'body: { ...showWebhook(webhook), secret } satisfies CreatedWebhookView,',
      put: 'body: showWebhook(webhook),',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/test-webhook.ts',
      take: '{ event_id: eventId, delivery_id: message.deliveryId }',
      put: '{ event_id: eventId, delivery_id: message.deliveryId, secrets: opened.secrets }',
      in: ['test/security/secrets.test.ts'],
    },
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: "if (sent.ok) return { kind: 'made', webhook: after };",
      put: "if (sent.ok) return { kind: 'reply', reply: { status: 202, body: { ...showWebhook(after), secret: secrets.secrets[0] } } };",
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/store/keyring.ts',
      take: 'sealed: sealWith(key, secret, owner)',
      put: 'sealed: secret',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/store/secret-box.ts',
      take: 'JSON.stringify([accountId, webhookId])',
      put: 'JSON.stringify([accountId])',
      in: ['test/store/keyring.test.ts'],
    },
    {
      file: 'lambdas/shared/store/secret-box.ts',
      take: 'JSON.stringify([accountId, webhookId])',
      put: 'JSON.stringify([webhookId])',
      in: ['test/store/keyring.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: 'secret.length < MIN_SECRET_CHARACTERS || ',
      put: '',
      in: ['test/domain/secret.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: ' || secret.length > MAX_SECRET_CHARACTERS',
      put: '',
      in: ['test/domain/secret.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: "if (!PRINTABLE_ASCII.test(secret)) return 'the secret has characters outside printable ASCII';",
      put: '',
      in: ['test/domain/secret.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: "bytes.toString('base64') !== encoded",
      put: 'bytes.length === 0',
      in: ['test/domain/secret.test.ts'],
    },
    {
      file: 'lambdas/serve-api/schemas/requests.ts',
      take: 'const reason = whySecretRefused(text);',
      put: 'const reason = undefined;',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: 'return `the secret has ${secret.length} characters;',
      put: 'return `"${secret}" has ${secret.length} characters;',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/secret.ts',
      take: 'return `a secret that begins with',
      put: 'return `${secret}: a secret that begins with',
      in: ['test/domain/secret.test.ts'],
    },
  ],
  'an API key': [
    {
      file: 'lambdas/shared/store/api-keys.ts',
      take: 'account_id: accountId, name, created_at',
      put: 'account_id: accountId, name, key, created_at',
      in: ['test/store/api-keys.test.ts'],
    },
    {
      file: 'lambdas/shared/store/api-keys.ts',
      take: "createHash('sha256').update(key).digest('hex')",
      put: "Buffer.from(key).toString('hex').slice(0, 64)",
      in: ['test/store/api-keys.test.ts'],
    },
    {
      file: 'lambdas/shared/store/api-keys.ts',
      take: 'revoked: found.revokedAt !== undefined',
      put: 'revoked: false',
      in: ['test/store/api-keys.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: 'found === undefined || found.revoked',
      put: 'found === undefined',
      in: ['test/serve-api/refusals.test.ts'],
    },
    // Remembered from one request to the next.
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: 'await apiKeys.find(key)',
      put: 'await (Object(apiKeys)[key] ??= apiKeys.find(key))',
      in: ['test/serve-api/refusals.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: 'if (found === undefined || found.revoked) {',
      put: 'if (found?.revoked) return refuse("this API key was revoked", \'Bearer realm="webhook-fanout", error="invalid_token"\');\n      if (found === undefined) {',
      in: ['test/serve-api/refusals.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: 'const found = key',
      put: 'if (key === undefined) return refuse("no API key has this form", \'Bearer realm="webhook-fanout", error="invalid_token"\');\n      const found = key',
      in: ['test/serve-api/refusals.test.ts'],
    },
    {
      file: 'lambdas/serve-api/middlewares/answer-errors.ts',
      take: "log.error('a call failed on our side', { call: event.route?.call,",
      put: "log.error('a call failed on our side', { headers: event.headers, call: event.route?.call,",
      in: ['test/serve-api/refusals.test.ts'],
    },
  ],
  "another account's id, or none": [
    {
      file: 'lambdas/shared/store/keys.ts',
      take: 'return `ACCOUNT#${accountId}`;',
      put: "return accountId && 'ACCOUNT#all';",
      in: ['test/store/keys.test.ts', 'test/serve-api/read-webhooks.test.ts'],
    },
    {
      file: 'lambdas/shared/store/keys.ts',
      take: 'return `ACCOUNT#${accountId}`;',
      put: "return accountId && 'ACCOUNT#all';",
      in: ['test/api-fuzz/api-fuzz.test.ts'],
    },
    {
      file: 'lambdas/shared/store/keys.ts',
      take: 'return `WEBHOOK#${accountId}#${webhookId}`;',
      put: 'return accountId && `WEBHOOK#${webhookId}`;',
      in: ['test/store/keys.test.ts'],
    },
    {
      file: 'lambdas/shared/store/keys.ts',
      take: 'pk: `EVENT#${accountId}#${eventId}`',
      put: 'pk: `EVENT#${eventId}`',
      in: ['test/store/keys.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/get-webhook.ts',
      take: 'return webhook === undefined',
      put: 'if (webhookId === undefined) return { status: 400 };\n  return webhook === undefined',
      in: ['test/serve-api/read-webhooks.test.ts'],
    },
    // PATCH and verify.
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'if (webhookId === undefined) return webhookNotFound();',
      put: "if (webhookId === undefined) return problem('not-found', 'this is no id of a webhook');",
      in: ['test/serve-api/read-webhooks.test.ts'],
    },
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'if (webhook === undefined) return webhookNotFound();',
      put: "if (webhook === undefined) return problem('conflict', 'the webhook is gone');",
      in: ['test/serve-api/read-webhooks.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/delete-webhook.ts',
      take: 'return removed ? { status: 204 } : webhookNotFound();',
      put: 'return { status: 204 };',
      in: ['test/serve-api/read-webhooks.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/test-webhook.ts',
      take: 'if (webhook === undefined) return webhookNotFound();',
      put: "if (webhookId === undefined) return problem('not-found', 'this is no id of a webhook');\n  if (webhook === undefined) return webhookNotFound();",
      in: ['test/serve-api/test-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/store/webhook-reads.ts',
      take: 'queryPages(dynamodb, query))',
      put: "(await import('./pages.ts')).scanPages(dynamodb, { TableName: tableName, Limit: query.Limit }))",
      in: ['test/serve-api/read-webhooks.test.ts'],
    },
  ],
  'test events and challenges as a way to probe a network': [
    {
      file: 'lambdas/shared/wire/find-addresses.ts',
      take: 'if (reason !== undefined) return { ok: false, failure: refuse(host, reason) };',
      put: '',
      in: ['test/security/refused-address.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/follow-up.ts',
      take: "['address_refused']",
      put: '[]',
      in: ['test/security/refused-address.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/create-webhook.ts',
      take: "if (!taken.ok) return tooManyRequests('webhooks were created', CREATE_LIMIT, taken.retryAfterSeconds);",
      put: '',
      in: ['test/serve-api/create-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/calls/test-webhook.ts',
      take: "if (!taken.ok) return tooManyRequests('test events were asked for', TEST_LIMIT, taken.retryAfterSeconds);",
      put: '',
      in: ['test/serve-api/test-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'if (!taken.ok) {',
      put: 'if (false) {',
      in: ['test/serve-api/update-webhook.test.ts'],
    },
    // New URLs of webhooks in force go free.
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'if (!taken.ok) {',
      put: 'if (!taken.ok && !webhook.verified) {',
      in: ['test/serve-api/update-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'deps.rateLimits.take(webhook.accountId, VERIFY_LIMIT, now)',
      put: 'deps.rateLimits.take(Object("all"), VERIFY_LIMIT, now)',
      in: ['test/serve-api/update-webhook.test.ts'],
    },
    {
      file: 'lambdas/serve-api/problem.ts',
      take: "{ headers: { 'retry-after': String(retryAfterSeconds) } }",
      put: '{}',
      in: ['test/serve-api/update-webhook.test.ts'],
    },
    {
      file: 'lambdas/shared/store/rate-limits.ts',
      take: ' AND #used < :count',
      put: ' AND #used <= :count',
      in: ['test/serve-api/rate-limits.test.ts'],
    },
    {
      file: 'lambdas/shared/store/rate-limits.ts',
      take: "'attribute_not_exists(#window) OR #window < :window'",
      put: "'attribute_not_exists(#window) OR #window <= :window'",
      in: ['test/serve-api/rate-limits.test.ts'],
    },
  ],
  "a body over 256 KiB or nested too deeply to be written, an event over the bus's limit": [
    {
      file: 'lambdas/dispatch-event/parse-event.ts',
      take: 'if (error instanceof RangeError) return undefined;',
      put: '',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/dispatch-event/parse-event.ts',
      take: 'if (bytes > MAX_BODY_BYTES) {',
      put: 'if (false) {',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/dispatch-event/parse-event.ts',
      take: 'const bytes = Buffer.byteLength(body);',
      put: 'const bytes = body.length;',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/dispatch-event/parse-event.ts',
      take: 'if (bytes > MAX_BODY_BYTES) {',
      put: 'if (bytes >= MAX_BODY_BYTES) {',
      in: ['test/journeys/bodies.test.ts'],
    },
    // Tried again as if it were our failure.
    {
      file: 'lambdas/dispatch-event/step.ts',
      take: 'if (!parsed.ok) return refuse(deps, raw, parsed.reason);',
      put: 'if (!parsed.ok) throw new Error(parsed.reason);',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/dispatch-event/step.ts',
      take: 'await ports.sendUndispatched(undispatchedEntry(raw, reason));',
      put: '{ ok: true, reason: undispatchedEntry(raw, reason).body };',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
    {
      file: 'lambdas/dispatch-event/undispatched.ts',
      take: '      reason,\n',
      put: '',
      in: ['test/dispatch-event/dispatch-event.test.ts'],
    },
  ],
  'a message or batch over 1 MiB': [
    {
      file: 'lambdas/shared/domain/ascii-json.ts',
      take: '/[\\u0080-\\uffff]/g',
      put: '/[\\u007f-\\uffff]/g',
    },
    {
      file: 'lambdas/shared/domain/message.ts',
      take: 'history: message.history,',
      put: 'history: message.history, event: message.body,',
    },
    {
      file: 'lambdas/shared/runtime/queues.ts',
      take: ' || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)',
      put: '',
    },
    {
      file: 'lambdas/shared/runtime/queues.ts',
      take: 'batch.length === MAX_BATCH_ENTRIES || ',
      put: '',
    },
    {
      file: 'lambdas/shared/runtime/queues.ts',
      take: "Buffer.byteLength(entries[index]?.body ?? '')",
      put: "(entries[index]?.body ?? '').length",
    },
  ],
  'JSON that is none, has the wrong types, unknown fields, prototype keys, 10,000 levels or endless lists; broken UTF-8; another Content-Type':
    [
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'return refuse(`the body is not valid JSON${placeOf(error)}`);',
        put: 'throw new TypeError(placeOf(error));',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Wrong types.
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: 'const description = z\n    .string()',
        put: 'const description = z.coerce\n    .string()',
        in: ['test/serve-api/refusals.test.ts', 'test/api-fuzz/api-fuzz.test.ts'],
      },
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: '      events,\n      secret: secret.optional(),',
        put: '      events: z.preprocess((input) => [input].flat(), events),\n      secret: secret.optional(),',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Unknown fields.
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: 'createWebhook: z.strictObject({',
        put: 'createWebhook: z.object({',
        in: ['test/serve-api/refusals.test.ts'],
      },
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: 'updateWebhook: z.strictObject({',
        put: 'updateWebhook: z.object({',
        in: ['test/serve-api/update-webhook.test.ts'],
      },
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: 'testWebhook: z.strictObject({',
        put: 'testWebhook: z.object({',
        in: ['test/serve-api/test-webhook.test.ts'],
      },
      // Prototype keys: one that sets a prototype in silence, and one that changes everybody's, as far as tests survive it.
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'event.json = read.value;',
        put: 'event.json = Array.isArray(read.value) ? read.value : Object.assign({}, read.value);',
        in: ['test/serve-api/refusals.test.ts'],
      },
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'event.json = read.value;',
        put: "event.json = read.value;\n      if (Object.hasOwn(Object(read.value), '__proto__')) Object.defineProperty(Object.prototype, 'polluted', { value: true, configurable: true });",
        in: ['test/serve-api/refusals.test.ts', 'test/api-fuzz/api-fuzz.test.ts'],
      },
      // 10,000 levels, walked by recursion.
      {
        file: 'lambdas/serve-api/read-input.ts',
        take: 'not ${nameOf(issue.input)}`',
        put: 'not ${JSON.stringify(issue.input)}`',
        in: ['test/serve-api/refusals.test.ts'],
      },
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'event.json = read.value;',
        put: 'event.json = structuredClone(read.value);',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Endless lists, of what was sent and of what is answered.
      {
        file: 'lambdas/serve-api/schemas/requests.ts',
        take: '.max(MAX_PATTERNS)',
        put: '',
        in: ['test/serve-api/create-webhook.test.ts'],
      },
      {
        file: 'lambdas/serve-api/read-input.ts',
        take: 'if (errors.length <= MAX_ERRORS) return',
        put: 'if (errors.length > 0) return',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Its size.
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'if (bytes.length > MAX_REQUEST_BYTES) {',
        put: 'if (false) {',
        in: ['test/serve-api/refusals.test.ts'],
      },
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'if (bytes.length > MAX_REQUEST_BYTES) {',
        put: "if ((event.body ?? '').length > MAX_REQUEST_BYTES) {",
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Broken UTF-8.
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'if (text.includes(REPLACEMENT_CHARACTER)) {',
        put: 'if (false) {',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // Another Content-Type, and another charset.
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: 'if (type === undefined || !JSON_TYPE.test(type.trim())) {',
        put: 'if (false) {',
        in: ['test/serve-api/refusals.test.ts'],
      },
      {
        file: 'lambdas/serve-api/middlewares/read-json-body.ts',
        take: '/^application\\/json *(?:; *charset="?utf-8"? *)?$/i',
        put: '/^application\\/json *(?:;.*)?$/i',
        in: ['test/serve-api/refusals.test.ts'],
      },
      // The answer says too much.
      {
        file: 'lambdas/serve-api/read-input.ts',
        take: 'path: key.slice(0, MAX_QUOTED_CHARACTERS), message',
        put: 'path: key, message',
        in: ['test/api-fuzz/api-fuzz.test.ts'],
      },
    ],
  'a cursor or id that was made up or belongs to another': [
    {
      file: 'lambdas/serve-api/cursor.ts',
      take: 'after !== undefined && encodeCursor(accountId, after) === cursor ? after : undefined',
      put: 'accountId && after',
    },
    {
      file: 'lambdas/serve-api/cursor.ts',
      take: "['cursor', accountId, after]",
      put: "[accountId && 'cursor', after]",
    },
    {
      file: 'lambdas/serve-api/calls/list-webhooks.ts',
      take: 'if (cursor !== undefined && after === undefined) {',
      put: 'if (false) {',
    },
    {
      file: 'lambdas/shared/store/keys.ts',
      take: 'return `ACCOUNT#${accountId}`;',
      put: "return accountId && 'ACCOUNT#all';",
    },
  ],
  'a function that does what it should not, or is made to': [
    {
      file: 'lib/stages/serve-api.ts',
      take: "['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']",
      put: "['dynamodb:Query', 'dynamodb:Scan', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']",
      in: ['test/infrastructure/serve-api.test.ts'],
    },
    {
      file: 'lib/stages/serve-api.ts',
      take: 'allowSending([lanes.first, lanes.slow])',
      put: 'allowSending([lanes.first, lanes.slow, lanes.exhausted])',
      in: ['test/infrastructure/serve-api.test.ts'],
    },
    {
      file: 'lib/stages/serve-api.ts',
      take: "allow(['dynamodb:PutItem'], [storage.webhooks.tableArn], onPartitions(account, keyring))",
      put: "allow(['dynamodb:PutItem'], [storage.webhooks.tableArn], onPartitions(account, apiKey, keyring))",
      in: ['test/infrastructure/serve-api.test.ts'],
    },
    {
      file: 'lib/stages/serve-api.ts',
      take: '          [storage.webhooks.tableArn],\n          onPartitions(account),\n',
      put: '          [storage.webhooks.tableArn],\n',
      in: ['test/infrastructure/serve-api.test.ts'],
    },
    {
      file: 'lib/stages/send-delivery.ts',
      take: "['dynamodb:UpdateItem', ...(props.lane",
      put: "['dynamodb:UpdateItem', 'dynamodb:DeleteItem', ...(props.lane",
      in: ['test/infrastructure/send-delivery.test.ts'],
    },
    {
      file: 'lib/stages/send-delivery.ts',
      take: 'followUps: retries.slice(0, 1),',
      put: 'followUps: retries,',
      in: ['test/infrastructure/send-delivery.test.ts'],
    },
    {
      file: 'lib/stages/send-delivery.ts',
      take: 'onAttributes(SENDER_WEBHOOK_ATTRIBUTES, KEY_PATTERNS.account)',
      put: 'onPartitions(KEY_PATTERNS.account)',
      in: ['test/infrastructure/send-delivery.test.ts'],
    },
    // A condition that holds where its key is absent.
    {
      file: 'lib/shared/permissions.ts',
      take: "return { [operator]: { [key]: values }, Null: { [key]: 'false' } };",
      put: 'return { [operator]: { [key]: values } };',
      in: ['test/infrastructure/send-delivery.test.ts', 'test/infrastructure/serve-api.test.ts'],
    },
    {
      file: 'lib/shared/permissions.ts',
      take: '[bus.eventBusRef.eventBusArn], onlyThisSource)',
      put: '[bus.eventBusRef.eventBusArn])',
      in: ['test/infrastructure/send-delivery.test.ts'],
    },
    // An attribute, by the list that the stack and its test share.
    {
      file: 'lambdas/shared/store/attributes.ts',
      take: "  'updated_at',\n] as const",
      put: "  'updated_at',\n  'secrets',\n] as const",
      in: ['test/security/least-privilege.test.ts'],
    },
    {
      file: 'lib/stages/dispatch-event.ts',
      take: "['dynamodb:GetItem'], [storage.deliveries.tableArn]",
      put: "['dynamodb:GetItem', 'dynamodb:Query'], [storage.deliveries.tableArn]",
      in: ['test/infrastructure/dispatch-event.test.ts'],
    },
    {
      file: 'lib/stages/dispatch-event.ts',
      take: '[storage.deliveries.tableArn], onPartitions(KEY_PATTERNS.event)),',
      put: '[storage.deliveries.tableArn]),',
      in: ['test/infrastructure/dispatch-event.test.ts'],
    },
    // CDK's own grants, which are wider.
    {
      file: 'lib/shared/function.ts',
      take: 'role: role.withoutPolicyUpdates(),',
      put: 'role,',
      in: ['test/infrastructure/webhook-fanout.test.ts'],
    },
  ],
  "a time of acceptance that cannot be: the publisher's own, or an old archive's": [
    { file: 'lambdas/dispatch-event/parse-event.ts', take: 'busTime > now - MAX_AGE_MS && ', put: '' },
    { file: 'lambdas/dispatch-event/parse-event.ts', take: ' && busTime < now + MAX_AHEAD_MS', put: '' },
    {
      file: 'lambdas/dispatch-event/parse-event.ts',
      take: 'const MAX_AGE_MS = 15 * 86_400_000;',
      put: 'const MAX_AGE_MS = 86_400_000;',
    },
  ],
  'an account whose webhooks all want to hear of system events, and all fail': [
    {
      file: 'lambdas/serve-api/listening.ts',
      take: 'if (!listens(events)) return undefined;',
      put: 'if (true) return undefined;',
    },
    {
      file: 'lambdas/serve-api/calls/update-webhook.ts',
      take: 'if (refusal !== undefined) return refusal;',
      put: '',
    },
    { file: 'lambdas/serve-api/listening.ts', take: '.filter(({ id }) => id !== itself)', put: '' },
  ],
  'a change that somebody denies to have made, a stolen key that was revoked': [
    {
      file: 'lambdas/serve-api/factory.ts',
      take: "if (route.method !== 'GET') recordChange(log, event, reply);",
      put: '',
    },
    {
      file: 'lambdas/serve-api/middlewares/authenticate.ts',
      take: "log.warn('a revoked API key was used', { key_id: found.id, account_id: found.accountId });",
      put: '',
    },
  ],
};
