import type { Mutation, Mutations } from './mutation.ts';

const CHAOS = ['test/chaos/invariants.test.ts'];
const CATALOGUE_TEST = ['test/infrastructure/catalogue.test.ts'];
const CONCURRENCY = ['test/infrastructure/concurrency.test.ts'];
const DEADLINE = ['test/runtime/deadline.test.ts'];
const RUN_BATCH = ['test/send-delivery/run-batch.test.ts'];
const SCHEDULE = ['test/infrastructure/retry-schedule.test.ts'];
const SETTINGS_TEST = ['test/infrastructure/settings.test.ts'];
const CRASH = ['test/dispatch-event/crash.test.ts'];
const DELIVERIES = ['test/store/deliveries.test.ts'];
const DELIVERY_STATE = ['test/store/delivery-state.test.ts'];
const DISPATCH = ['test/dispatch-event/dispatch-event.test.ts'];
const DNS = ['test/wire/post-addresses.test.ts', 'test/wire/resolve.test.ts'];
const INFRASTRUCTURE = ['test/infrastructure/send-delivery.test.ts'];
const ISOLATION = ['test/send-delivery/isolation.test.ts'];
const MAPPING = ['test/local/lambda-event-source-mapping.test.ts'];
const MESSAGE = ['test/domain/message.test.ts'];
const PARKING = ['test/infrastructure/dispatch-event.test.ts'];
const PLAN = ['test/domain/plan.test.ts'];
const QUEUES = ['test/runtime/queues.test.ts'];
const RECEIVE = ['test/send-delivery/receive.test.ts'];
const SEND = ['test/send-delivery/send-delivery.test.ts'];
const SEND_FAULTS = ['test/send-delivery/faults.test.ts'];
const SLOW = ['test/send-delivery/slow-endpoints.test.ts'];
const UPDATE_WEBHOOK = ['test/serve-api/update-webhook.test.ts'];
const WEBHOOK_UPDATES = ['test/store/webhook-updates.test.ts'];
const WEBHOOKS = ['test/store/webhooks.test.ts'];

const DISPATCH_FACTORY = 'lambdas/dispatch-event/factory.ts';
const DISPATCH_STEP = 'lambdas/dispatch-event/step.ts';
const FACTORY = 'lambdas/send-delivery/factory.ts';
const FOLLOW_UPS = 'lambdas/send-delivery/follow-ups.ts';
const RECEIVED = 'lambdas/send-delivery/receive.ts';
const RECORDER = 'lambdas/send-delivery/record-attempts.ts';
const SEND_KNOWN = 'lambdas/send-delivery/send-known.ts';
const SEND_ONCE = 'lambdas/send-delivery/send-once.ts';
const STEP = 'lambdas/send-delivery/step.ts';
const DELIVERY_PLAN = 'lambdas/shared/domain/plan.ts';
const DELIVERY_STORE = 'lambdas/shared/store/deliveries.ts';
const KEYS_OF_SECRETS = 'lambdas/shared/store/keyring.ts';
const OBSERVABILITY = 'lambdas/shared/runtime/observability.ts';
const SENDING = 'lambdas/shared/runtime/queues.ts';
const SETTINGS = 'lib/settings.ts';
const RETRY_SCHEDULE = 'lib/shared/retry-schedule.ts';
const CATALOGUE = 'lib/shared/catalogue.ts';

/** A message that comes back is taken for one that was handled. */
const DROP_WHAT_COMES_BACK: Mutation = {
  file: DELIVERY_PLAN,
  take: 'return planAttempt(situation);',
  put: "return situation.redelivered ? { do: 'acknowledge' } : planAttempt(situation);",
};
const COUNT_WHAT_COMES_BACK: Mutation = {
  file: RECEIVED,
  take: "return { kind: 'delivery', from, message, fresh",
  put: `if (from.receiveCount > 1) Object.assign(message, { attempt: message.attempt + 1 });
    return { kind: 'delivery', from, message, fresh`,
};
const RENAME_WHAT_COMES_BACK: Mutation = {
  file: RECEIVED,
  take: 'const message = decoded.message.exhausted\n',
  put: 'const message = decoded.message.exhausted || from.receiveCount > 1\n',
};
const SEND_UNREAD_THOUGH_RECEIVED_BEFORE: Mutation = {
  file: RECEIVED,
  take: '    from.receiveCount === 1 &&\n',
  put: '',
};
const SEND_UNREAD_THOUGH_RUN_BEFORE: Mutation = { file: RECEIVED, take: '    !message.rerun &&\n', put: '' };
const NO_FOLLOW_UP_LATER: Mutation = {
  file: DELIVERY_PLAN,
  take: 'if (situation.redelivered) return true;',
  put: 'if (situation.redelivered) return false;',
};
const SEND_AGAIN_WHAT_IS_RECORDED: Mutation = {
  file: DELIVERY_PLAN,
  take: 'if (recorded !== undefined) {',
  put: 'if (recorded !== undefined && recorded.error === undefined) {',
};
const GO_ON_THOUGH_DELIVERED: Mutation = {
  file: DELIVERY_PLAN,
  take: "if (record?.status === 'delivered') {",
  put: "if (record?.status === 'delivered' && message.kind === 'verification') {",
};
const FOLLOW_UP_BEFORE_RECORD: Mutation = {
  file: SEND_ONCE,
  take: `  if ((await parts.recorder.failure(headerOf(message), attempt, status)) === 'superseded') {
    return WAITING;
  }
  return followUp(deps, parts, message, attempt, webhook);`,
  put: `  const outcome = await followUp(deps, parts, message, attempt, webhook);
  if (outcome.kind === 'settled') await parts.recorder.failure(headerOf(message), attempt, status);
  return outcome;`,
};
const GO_ON_BESIDE_A_COPY: Mutation = {
  file: RECORDER,
  take: "return written === 'already_recorded' ? 'superseded' : 'goes_on';",
  put: "return 'goes_on';",
};
const STORE_EVERY_RUN: Mutation = {
  file: DELIVERY_STORE,
  take: 'TableName: tableName, Item, ...conditionExpressions(isNew) }',
  put: 'TableName: tableName, Item }',
};
const RERUN_WITHOUT_A_MARK: Mutation = {
  file: DISPATCH_STEP,
  take: 'return { stored, rerun: true };',
  put: 'return { stored, rerun: false };',
};
const SEND_THE_LATER_BODY: Mutation = {
  file: DISPATCH_STEP,
  take: 'return { stored, rerun: true };',
  put: 'return { stored: mine, rerun: true };',
};
const FORGET_PARKED_EVENTS: Mutation = { file: DISPATCH_FACTORY, take: 'return false;', put: 'return true;' };
const SLOW_WITHOUT_DELAY: Mutation = {
  file: FOLLOW_UPS,
  take: 'toSlow({ ...entry, delaySeconds })',
  put: 'toSlow(entry)',
};
const BLAME_THE_SECRET_FOR_KMS: Mutation = {
  file: KEYS_OF_SECRETS,
  take: 'const key = await readOnce(number);',
  put: 'const key = await readOnce(number).catch(() => undefined);',
};
const SETTLED_WHATEVER_FOLLOWS: Mutation = {
  file: 'lambdas/send-delivery/outcome.ts',
  take: 'return sent.ok ? SETTLED : returned(sent.reason);',
  put: 'return SETTLED;',
};

/** Section 4 of docs/security.md. */
export const FAULTS: Mutations = {
  'any mix of what follows': [
    { ...GO_ON_THOUGH_DELIVERED, in: CHAOS },
    { ...SEND_THE_LATER_BODY, in: CHAOS },
    { ...STORE_EVERY_RUN, in: CHAOS },
    { ...RERUN_WITHOUT_A_MARK, in: CHAOS },
    { ...FORGET_PARKED_EVENTS, in: CHAOS },
    { ...SLOW_WITHOUT_DELAY, in: CHAOS },
    { ...BLAME_THE_SECRET_FOR_KMS, in: CHAOS },
    {
      file: DISPATCH_STEP,
      take: 'accepted.aboutWebhookId === webhookId ? 1 : maxAttempts',
      put: 'maxAttempts',
      in: CHAOS,
    },
  ],
  'the sender dies after the POST and before the record': [
    { ...DROP_WHAT_COMES_BACK, in: SEND },
    { ...COUNT_WHAT_COMES_BACK, in: SEND },
    { ...RENAME_WHAT_COMES_BACK, in: SEND },
  ],
  'the sender dies before the POST': [DROP_WHAT_COMES_BACK, COUNT_WHAT_COMES_BACK],
  'the sender dies between the record of a failure and its retry': [
    { ...NO_FOLLOW_UP_LATER, in: [...SEND_FAULTS, ...PLAN] },
    { ...SEND_AGAIN_WHAT_IS_RECORDED, in: [...SEND_FAULTS, ...PLAN] },
    { ...FOLLOW_UP_BEFORE_RECORD, in: SEND_FAULTS },
  ],
  'SQS hands a message out twice, in turn or at once': [
    {
      file: SEND_ONCE,
      take: "=== 'superseded') {\n    return WAITING;",
      put: "=== 'superseded') {\n    return SETTLED;",
      in: ['test/send-delivery/faults.test.ts'],
    },
    {
      file: 'lambdas/shared/domain/plan.ts',
      take: ": { do: 'wait' };",
      put: ": { do: 'acknowledge' };",
      in: ['test/domain/plan.test.ts'],
    },
    { ...GO_ON_THOUGH_DELIVERED, in: SEND },
    { ...SEND_UNREAD_THOUGH_RECEIVED_BEFORE, in: RECEIVE },
    { file: RECEIVED, take: "if (seen.has(copy)) return { kind: 'copy', from };", put: '', in: SEND },
    { ...GO_ON_BESIDE_A_COPY, in: SEND_FAULTS },
    {
      file: DELIVERY_STORE,
      take: 'const isFirstWrite = allOf(isNotRecorded(attempt.number), hasNotEnded);',
      put: 'const isFirstWrite = hasNotEnded;',
      in: SEND_FAULTS,
    },
  ],
  'the bus delivers an event twice, or Lambda runs it again': [
    { ...SEND_THE_LATER_BODY, in: DISPATCH },
    { ...STORE_EVERY_RUN, in: DISPATCH },
    { ...RERUN_WITHOUT_A_MARK, in: DISPATCH },
    { ...SEND_UNREAD_THOUGH_RUN_BEFORE, in: RECEIVE },
    { ...GO_ON_THOUGH_DELIVERED, in: PLAN },
  ],
  'the dispatcher dies in the middle of its webhooks, or between storing and enqueueing': [
    {
      file: DISPATCH_STEP,
      take: 'for (const webhookId of stored.webhookIds) {',
      put: 'for (const webhookId of rerun ? [] : stored.webhookIds) {',
      in: [...CRASH, ...DISPATCH],
    },
    { ...STORE_EVERY_RUN, in: CRASH },
    { ...RERUN_WITHOUT_A_MARK, in: CRASH },
    { ...SEND_UNREAD_THOUGH_RUN_BEFORE, in: CRASH },
  ],
  'two copies of one attempt, answered 500 and 200': [
    {
      file: DELIVERY_STORE,
      take: 'async recordSuccess(delivery, attempt) {\n      await update(delivery, {\n',
      put: `async recordSuccess(delivery, attempt) {
      await update(delivery, {
        when: isNotRecorded(attempt.number),
`,
      in: SEND,
    },
    {
      file: DELIVERY_STORE,
      take: `        when: allOf(
          isNotDelivered,
          isNotRecorded(attempt.number + 1),
          anyOf(isFirstWrite, ...isOwnWrite(attempt)),
        ),
`,
      put: '',
      in: [...SEND, ...DELIVERIES],
    },
    { ...GO_ON_THOUGH_DELIVERED, in: PLAN },
  ],
  "an exhausted message is moved back by SQS's own redrive": [
    {
      file: RECEIVED,
      take: 'const message = decoded.message.exhausted\n',
      put: 'const message = decoded.message.exhausted && from.receiveCount > 20\n',
    },
    { file: RECEIVED, take: '    deliveryId: redrivenDeliveryId(message.deliveryId),\n', put: '' },
    { file: RECEIVED, take: '    redriveOf: message.deliveryId,\n', put: '' },
    { file: RECEIVED, take: '    attempt: 1,\n', put: '' },
    { file: RECEIVED, take: '    rerun: true,\n', put: '' },
  ],
  'a challenge is answered and the sender dies before it says so; an old challenge is answered late': [
    { ...DROP_WHAT_COMES_BACK, in: SEND },
    {
      file: 'lambdas/shared/store/webhook-updates.ts',
      take: 'const isAnswered = isNewest(verificationId);',
      put: 'const isAnswered = isThere;',
    },
    {
      file: SEND_ONCE,
      take: 'message.eventId, at);\n}\n\nasync function succeed',
      put: 'message.eventId, at).catch(() => undefined);\n}\n\nasync function succeed',
      in: SEND,
    },
  ],
  'a write that comes after the webhook was deleted; an item that cannot be read': [
    {
      file: 'lambdas/shared/store/webhook-updates.ts',
      take: 'when: allOf(isThere, ...(change.when ? [change.when] : [])) }',
      put: '}',
      in: WEBHOOK_UPDATES,
    },
    {
      file: 'lambdas/shared/store/webhooks.ts',
      take: 'when: allOf(isThere, ...isAsExpected),',
      put: 'when: allOf(...isAsExpected),',
      in: WEBHOOKS,
    },
    {
      file: 'lambdas/shared/store/webhook-reads.ts',
      take: 'if (webhook === undefined) unreadable++;',
      put: 'if (webhook === undefined) continue;',
      in: WEBHOOKS,
    },
    {
      file: 'lambdas/shared/store/webhook-reads.ts',
      take: 'if (webhook === undefined) unreadable++;',
      put: "if (webhook === undefined) throw new Error('an item is not a whole webhook');",
      in: WEBHOOKS,
    },
    {
      file: 'lambdas/shared/store/webhook-reads.ts',
      take: 'if (webhook !== undefined) readable.push(webhook);',
      put: 'readable.push(webhook);',
      in: WEBHOOKS,
    },
    {
      file: DISPATCH_STEP,
      take: "deps.counters.count('webhook_unreadable', unreadable);",
      put: '',
      in: DISPATCH,
    },
    {
      file: 'lambdas/shared/store/delivery-state.ts',
      take: "(parseWebhookItem(webhookItem) ?? 'unreadable')",
      put: 'parseWebhookItem(webhookItem)',
      in: DELIVERY_STATE,
    },
  ],
  'a message that cannot be read': [
    {
      file: STEP,
      take: 'return setAside(deps, item.from, item.reason);',
      put: 'return returned(item.reason);',
      in: SEND,
    },
    {
      file: 'lambdas/send-delivery/poison.ts',
      take: '      reason,\n      queue_arn',
      put: '      queue_arn',
      in: SEND,
    },
    {
      file: RECEIVED,
      take: "if (!decoded.ok) return { kind: 'poison', from, reason: decoded.reason };",
      put: 'if (!decoded.ok) throw new Error(decoded.reason);',
      in: SEND,
    },
    {
      file: 'lambdas/shared/domain/message.ts',
      take: 'if (json.v !== MESSAGE_VERSION) {',
      put: 'if (json.v === undefined) {',
      in: MESSAGE,
    },
    {
      file: 'lambdas/shared/domain/message.ts',
      take: 'if (reader.broken.length > 0) {',
      put: 'if (reader.broken.length > 9) {',
      in: MESSAGE,
    },
    {
      file: 'lambdas/shared/domain/message.ts',
      take: "reader.broken.join(', ')",
      put: 'reader.broken[0]',
      in: MESSAGE,
    },
  ],
  'SQS takes only some entries of a batch': [
    {
      file: SENDING,
      take: 'open = open.filter((index) => sent[index]?.ok !== true);',
      put: 'if (sent.every(({ ok }) => ok)) break;',
      in: SEND,
    },
    {
      file: SENDING,
      take: "return [index, { ok: false, reason: refused.get(id) ?? 'SQS did not say' }];",
      put: 'return [index, { ok: true }];',
      in: SEND,
    },
    { file: SENDING, take: '[0, ...RETRY_WAITS_MS]', put: '[0]', in: SEND },
    { file: DISPATCH_STEP, take: 'if (first !== undefined) {', put: 'if (first?.ok) {', in: DISPATCH },
  ],
  'a retry cannot be enqueued': [SETTLED_WHATEVER_FOLLOWS, NO_FOLLOW_UP_LATER, SEND_AGAIN_WHAT_IS_RECORDED],
  'DynamoDB does not answer reads, for minutes or hours': [
    {
      file: STEP,
      take: 'const state = (await states)?.get(item.message.deliveryId);',
      put: `const state = (await states?.catch(() => undefined))?.get(item.message.deliveryId);
        if (state === undefined) return sendFresh(deps, parts, item);`,
      in: SEND,
    },
    {
      file: 'lambdas/shared/store/delivery-state.ts',
      take: 'throw new Error(`DynamoDB left keys',
      put: 'return items;\n  throw new Error(`DynamoDB left keys',
      in: DELIVERY_STATE,
    },
    {
      file: FACTORY,
      take: 'await sources.postpone(messages.map(({ message }) => message));',
      put: '',
      in: SEND,
    },
    { file: SENDING, take: 'FIRST_RETURN_SECONDS * 2 ** doublings', put: 'FIRST_RETURN_SECONDS', in: SEND },
    {
      file: SENDING,
      take: 'Math.min(FIRST_RETURN_SECONDS * 2 ** doublings, LONGEST_RETURN_SECONDS)',
      put: 'FIRST_RETURN_SECONDS * 2 ** doublings',
      in: QUEUES,
    },
    { ...FORGET_PARKED_EVENTS, in: DISPATCH },
    {
      file: DISPATCH_FACTORY,
      take: 'receiveCount: Number(attributes.ApproximateReceiveCount),',
      put: 'receiveCount: 1,',
      in: DISPATCH,
    },
    {
      file: 'lambdas/dispatch-event/invocation.ts',
      take: 'return isFailedInvocation(json) ? json.requestPayload : json;',
      put: 'return json;',
      in: DISPATCH,
    },
    {
      file: 'lib/stages/dispatch-event.ts',
      take: '      onFailure: new SqsDestination(this.parked),\n',
      put: '',
      in: PARKING,
    },
    {
      file: 'lib/stages/dispatch-event.ts',
      take: '{ deadLetterQueue: this.parked, ...RULE_RETRIES }',
      put: 'RULE_RETRIES',
      in: PARKING,
    },
    {
      file: 'lib/stages/dispatch-event.ts',
      take: 'PARKED_RETENTION = Duration.days(14)',
      put: 'PARKED_RETENTION = Duration.days(4)',
      in: PARKING,
    },
  ],
  'DynamoDB does not take the record of a 200': [
    {
      file: RECORDER,
      take: `let why = 'DynamoDB left it unprocessed';
    for (const waitMs of [0, ...RETRY_WAITS_MS]) {`,
      put: `let why = 'DynamoDB left it unprocessed';
    for (const waitMs of [0]) {`,
    },
    {
      file: RECORDER,
      take: 'let failure: unknown;\n    for (const waitMs of [0, ...RETRY_WAITS_MS]) {',
      put: 'let failure: unknown;\n    for (const waitMs of [0]) {',
    },
    { file: RECORDER, take: "counters.count('log_lost');", put: '' },
    {
      file: RECORDER,
      take: 'return batch.map((one) => (open.includes(one) ? { lost: why } : {}));',
      put: 'if (open.length > 0) throw new Error(why); return batch.map(() => ({}));',
    },
    {
      file: RECORDER,
      take: '(error: unknown) => ({ lost: describeError(error) }),',
      put: '(error: unknown) => { throw error; },',
    },
  ],
  'KMS is down': [
    { file: KEYS_OF_SECRETS, take: 'loaded.set(name, loading);', put: '' },
    BLAME_THE_SECRET_FOR_KMS,
    {
      file: KEYS_OF_SECRETS,
      take: 'loading.then((key) => key ?? forget(), forget);',
      put: 'loading.then((key) => key ?? forget(), () => undefined);',
    },
  ],
  'one sealed secret does not open': [
    {
      file: SEND_KNOWN,
      take: "await parts.recorder.end(headerOf(message), 'held', SECRET_UNREADABLE);",
      put: '',
      in: SEND,
    },
    {
      file: SEND_KNOWN,
      take: "await parts.recorder.end(headerOf(message), 'held', SECRET_UNREADABLE);",
      put: "await parts.recorder.end(headerOf(message), 'held', '');",
      in: SEND,
    },
    {
      file: 'lambdas/shared/store/secret-box.ts',
      take: "return { ok: false, reason: 'the secret was not sealed",
      put: "throw new Error('it does not open');\n    return { ok: false, reason: 'the secret was not sealed",
      in: UPDATE_WEBHOOK,
    },
    {
      file: DISPATCH_STEP,
      take: "log.error('a signing secret does not open', { webhook_id: webhookId, why: live.reason });",
      put: "log.error('a signing secret does not open');\n      throw new Error(live.reason);",
      in: DISPATCH,
    },
    {
      file: DISPATCH_STEP,
      take: "untried.push({ delivery, status: 'held', reason: SECRET_UNREADABLE });",
      put: '',
      in: DISPATCH,
    },
    {
      file: 'lambdas/serve-api/change-webhook.ts',
      take: 'return opened.ok ? opened : {',
      put: "if (!opened.ok) throw new Error('it does not open');\n  return opened.ok ? opened : {",
      in: UPDATE_WEBHOOK,
    },
  ],
  'a webhook is deleted, disabled or moved with deliveries under way': [
    {
      file: DELIVERY_PLAN,
      take: "return { do: 'end', status: 'canceled', reason: 'the webhook was deleted' };",
      put: "return { do: 'acknowledge' };",
      in: SEND,
    },
    {
      file: DELIVERY_PLAN,
      take: "if (webhook.status === 'active') return",
      put: 'return',
      in: SEND,
    },
    {
      file: SEND_KNOWN,
      take: "message.kind === 'verification' ? message.url : webhook.url,",
      put: "message.kind === 'verification' ? message.url : (webhook.pendingUrl ?? webhook.url),",
      in: SEND,
    },
    {
      file: DISPATCH_STEP,
      take: 'url: webhook.url,',
      put: 'url: webhook.pendingUrl ?? webhook.url,',
      in: DISPATCH,
    },
    {
      file: 'lambdas/serve-api/plan-update.ts',
      take: 'set: { pendingUrl: url, verification }',
      put: 'set: { url, verification }',
      in: UPDATE_WEBHOOK,
    },
  ],
  'a function feeds its own queues twenty times over': [
    {
      file: 'lib/stages/send-delivery.ts',
      take: '      recursiveLoop: RecursiveLoop.ALLOW,\n',
      put: '',
    },
    {
      file: RECEIVED,
      take: '    deliveryId: redrivenDeliveryId(message.deliveryId),\n',
      put: '',
      in: SEND_FAULTS,
    },
    {
      file: RECEIVED,
      take: 'deliveryId: redrivenDeliveryId(message.deliveryId),',
      put: 'deliveryId: redrivenDeliveryId(message.redriveOf ?? message.deliveryId),',
      in: SEND_FAULTS,
    },
  ],
  'a function is at its maximum concurrency': [
    {
      file: 'local/lambda/event-source-mapping.ts',
      take: 'while (running.size >= maximumConcurrency) await Promise.race(running);',
      put: '',
      in: MAPPING,
    },
    {
      file: 'local/lambda/event-source-mapping.ts',
      take: 'while (running.size >= maximumConcurrency) await Promise.race(running);',
      put: `while (running.size >= maximumConcurrency) {
      await receive(1);
      await Promise.race(running);
    }`,
      in: MAPPING,
    },
    {
      file: 'lib/shared/event-source.ts',
      take: '    ...options,\n',
      put: '    batchSize: options.batchSize,\n',
      in: INFRASTRUCTURE,
    },
    { file: 'lib/shared/concurrency.ts', take: 'first: 300,', put: 'first: 700,', in: INFRASTRUCTURE },
  ],
  'some of many endpoints begin to hang': [
    {
      file: 'lambdas/send-delivery/slow-endpoints.ts',
      take: 'HUNG_AFTER_MS = 5_000',
      put: 'HUNG_AFTER_MS = 25_000',
      in: SLOW,
    },
    {
      file: SEND_ONCE,
      take: 'markings.push(markSlow(deps, message));',
      put: 'markings.push(Promise.resolve());',
      in: ISOLATION,
    },
    {
      file: 'lambdas/shared/store/webhook-updates.ts',
      take: '{ set: { slow_since: at }, when: isNotMarkedSlow }',
      put: '{ set: { slow_since: at } }',
      in: WEBHOOK_UPDATES,
    },
    { file: DISPATCH_STEP, take: 'slow: webhook.slowSince !== undefined', put: 'slow: false', in: DISPATCH },
    { file: SEND_ONCE, take: 'failed.durationMs >= HUNG_AFTER_MS || ', put: '', in: SEND },
    { ...SLOW_WITHOUT_DELAY, in: SEND },
    {
      file: STEP,
      take: "if (deps.lane === 'slow' || !isKnownSlow(deps, message, webhook)) return undefined;",
      put: 'if (webhook === undefined || !isKnownSlow(deps, message, webhook)) return undefined;',
      in: ISOLATION,
    },
    {
      file: SEND_ONCE,
      take: 'webhook?.slowSince !== undefined || deps',
      put: 'deps',
      in: ISOLATION,
    },
    {
      file: 'lambdas/send-delivery/slow-endpoints.ts',
      take: 'if (suspectOurselves()) return;',
      put: '',
      in: SLOW,
    },
  ],
  'a DNS server never answers for some names': [
    {
      file: 'lambdas/shared/wire/resolve.ts',
      take: 'running.get(name) ?? query(name)',
      put: 'running.get(name) ?? Promise.all(running.values()).then(() => query(name))',
      in: DNS,
    },
    { file: 'lambdas/shared/wire/resolve.ts', take: 'running.set(name, shared);', put: '', in: DNS },
  ],
  'a setting is wrong: schedule, catalogue, pattern, status, limits': [
    {
      file: SETTINGS,
      take: 'if (!/^\\d+(,\\d+)*$/.test(list)) {',
      put: "if (list === '') {",
      in: SETTINGS_TEST,
    },
    ...['successStatus', 'eventPattern', 'removalPolicy', 'allowPrivateEndpoints', 'logRetentionDays'].map(
      (name) => ({
        file: SETTINGS,
        take: `throw refusal('${name}', text,`,
        put: `return {};\n  throw refusal('${name}', text,`,
        in: SETTINGS_TEST,
      }),
    ),
    { file: SETTINGS, take: '/^[\\w./-]{1,256}$/', put: '/^[\\w./:-]{1,256}$/', in: SETTINGS_TEST },
    {
      file: SETTINGS,
      take: 'if (Number.isInteger(count) && count > 0) return count;',
      put: 'if (Number.isInteger(count)) return count;',
      in: SETTINGS_TEST,
    },
    { file: SETTINGS, take: '{got}', put: '{name}', in: SETTINGS_TEST },
    { file: SETTINGS, take: '{expected}.', put: '{name}.', in: SETTINGS_TEST },
    { file: SETTINGS, take: 'if (unknown === undefined) return;', put: 'return;', in: SETTINGS_TEST },
    { file: SETTINGS, take: 'if (!known) throw refused;', put: '', in: CONCURRENCY },
    {
      file: 'lib/shared/concurrency.ts',
      take: 'Number.isInteger(value) && value >= MIN_MAXIMUM_CONCURRENCY && value <= MAX_MAXIMUM_CONCURRENCY',
      put: 'Number.isInteger(value)',
      in: CONCURRENCY,
    },
    { file: RETRY_SCHEDULE, take: 'delays.length === 0 || ', put: '', in: SCHEDULE },
    { file: RETRY_SCHEDULE, take: ' || delays.length > MAX_RETRIES', put: '', in: SCHEDULE },
    { file: RETRY_SCHEDULE, take: 'Number.isInteger(seconds) && ', put: '', in: SCHEDULE },
    { file: RETRY_SCHEDULE, take: ' && seconds <= MAX_RETRY_DELAY_SECONDS', put: '', in: SCHEDULE },
    {
      file: 'lib/shared/events.ts',
      take: 'if (chosen === undefined) return',
      put: 'return',
      in: PARKING,
    },
    {
      file: 'lib/webhook-fanout.ts',
      take: 'readCatalogue(props.eventCatalogue ?? DEFAULT_CATALOGUE).path',
      put: 'props.eventCatalogue ?? DEFAULT_CATALOGUE',
      in: CATALOGUE_TEST,
    },
    { file: CATALOGUE, take: 'if (entries.length === 0) problems.push', put: '[].push', in: CATALOGUE_TEST },
    { file: CATALOGUE, take: 'problems.push(...duplicatesOf(entries));', put: '', in: CATALOGUE_TEST },
    ...[
      '...unknownFieldsOf(entry)',
      '...nameProblems(entry.name)',
      '...descriptionProblems(entry.description)',
      '...exampleProblems(entry.example)',
      '...schemaProblems(entry.schema, entry.example)',
    ].map((take) => ({ file: CATALOGUE, take: `${take},`, put: '', in: CATALOGUE_TEST })),
    {
      file: CATALOGUE,
      take: 'if (isReservedTypeName(name)) {',
      put: 'if (name === undefined) {',
      in: CATALOGUE_TEST,
    },
    {
      file: CATALOGUE,
      take: 'if (bytes <= MAX_EXAMPLE_BYTES) return [];',
      put: 'return [];',
      in: CATALOGUE_TEST,
    },
    { file: CATALOGUE, take: 'if (fits(example)) return [];', put: 'return [];', in: CATALOGUE_TEST },
  ],
  'logs or metrics fail': [
    ...(['info', 'warn', 'error'] as const).map((level) => ({
      file: OBSERVABILITY,
      take: `quietly(() => logger.${level}(message, fields))`,
      put: `logger.${level}(message, fields)`,
    })),
    {
      file: OBSERVABILITY,
      take: 'quietly(() => metrics.addMetric(name, MetricUnit.Count, value))',
      put: 'metrics.addMetric(name, MetricUnit.Count, value)',
    },
    {
      file: OBSERVABILITY,
      take: 'quietly(() => metrics.publishStoredMetrics())',
      put: 'metrics.publishStoredMetrics()',
    },
  ],
  'the bus does not take a system event': [
    {
      file: FACTORY,
      take: "log.warn('a system event was not published', { event_type: event.type, why: String(error) });",
      put: "log.warn('a system event was not published');\n    throw error;",
    },
    { file: FOLLOW_UPS, take: "counters.count('system_event_lost')", put: 'return' },
    { file: FACTORY, take: 'return answer.FailedEntryCount === 0;', put: 'return answer !== undefined;' },
  ],
  'a function runs out of its own time': [
    {
      file: SEND_ONCE,
      take: 'if (at + ATTEMPT_DEADLINE_MS + BOOKKEEPING_MS > parts.deadlineAt) {',
      put: 'if (false) {',
      in: SEND,
    },
    {
      file: 'lambdas/send-delivery/run-batch.ts',
      take: 'sleep(Math.max(0, deadlineAt - clock.now()), over.signal)',
      put: 'sleep(600_000, over.signal)',
      in: RUN_BATCH,
    },
    {
      file: DISPATCH_FACTORY,
      take: 'await Promise.race([all, timeUp]);',
      put: 'await all;',
      in: DISPATCH,
    },
    { file: 'lambdas/shared/runtime/deadline.ts', take: ' - RESERVE_MS', put: '', in: DEADLINE },
  ],
  'an environment is frozen with a request under way, or with the record of one': [
    { file: SEND_ONCE, take: 'attempt.status === undefined && wasFrozen(deps, attempt)', put: 'false' },
    { file: SEND_ONCE, take: 'attempt.status === undefined && wasFrozen', put: 'wasFrozen' },
    {
      file: 'lambdas/send-delivery/run-batch.ts',
      take: 'leave(isOpen ? outcome.then((ended) => deps.finish(item.from, ended)) : outcome);',
      put: 'if (isOpen) leave(outcome.then((ended) => deps.finish(item.from, ended)));',
    },
  ],
  'the end of a delivery that is not sent, `held` or `canceled`, cannot be recorded': [
    {
      file: RECORDER,
      take: 'const written = await retry(() => records.recordEnd(delivery, status, reason));',
      put: "const written = await retry(() => records.recordEnd(delivery, status, reason)).catch(() => 'lost');",
    },
  ],
  'messages cannot be given back, since SQS does not answer': [
    {
      file: 'lambdas/shared/runtime/queues.ts',
      take: 'await Promise.race([all, sleep(POSTPONE_WITHIN_MS, over.signal)]);',
      put: 'await all;',
    },
  ],
  'many large events wait on the parked queue': [
    {
      file: 'lambdas/dispatch-event/factory.ts',
      take: 'for (const record of records) {',
      put: 'await Promise.all(records.map(run)); for (const record of records) {',
    },
    {
      file: 'lambdas/dispatch-event/factory.ts',
      take: 'deps.clock.now() < deadlineAt && (await run(record))',
      put: 'await run(record)',
    },
  ],
};
