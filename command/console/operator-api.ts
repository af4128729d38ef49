import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import {
  encodeAccountCursor,
  listAccounts,
  needsAttention,
  parseAccountCursor,
} from '../../lambdas/shared/store/account-list.ts';
import prices from '../../local/metering/prices.json' with { type: 'json' };
import { readAlarms } from '../doctor/alarms.ts';
import { requireOutput } from '../shared/target.ts';
import { MOVE_ACTIONS, type MoveRequest, moveQueue, moveView } from './move-queue.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readMessages } from './read-messages.ts';
import { type OperatorRequest, refuse } from './refusals.ts';
import { createTurns } from './turns.ts';
import {
  type AccountsView,
  type AlarmsView,
  type DeploymentView,
  type MessagesView,
  type MoveView,
  OPERATOR_QUEUES,
  type OperatorQueue,
  type QueuesView,
} from './views.ts';

export const OPERATOR_PATH = '/operator/';

const ACCOUNTS_OF_A_PAGE = 50;
/** 4 MB of the webhooks table, about 2,000 webhooks, for $0.00006. */
const READ_UNITS_OF_A_PAGE = 512;
const MAX_MESSAGES = 100;
const MAX_MOVED = 10_000;
const DAY_SECONDS = 86_400;

const QUEUE_OUTPUTS: Readonly<Record<OperatorQueue, string>> = {
  undispatched: 'UndispatchedQueueUrl',
  poison: 'PoisonQueueUrl',
  unreadable: 'UnreadableQueueUrl',
  exhausted: 'ExhaustedQueueUrl',
};

const ReadInput = z.strictObject({ limit: z.int().check(z.minimum(1), z.maximum(MAX_MESSAGES)) });

const text = z.string().check(z.minLength(1), z.maxLength(200));
const MoveBody = z.strictObject({
  confirm: z.boolean(),
  limit: z.int().check(z.minimum(1), z.maximum(MAX_MOVED)),
  account_id: z.optional(text),
  webhook_id: z.optional(text),
  reason: z.optional(text),
  event_type: z.optional(text),
});

/** Resolves to the JSON of the answer. Throws a `Refused` for an invalid request, and AWS's errors unchanged. */
export type OperatorApi = (request: OperatorRequest) => Promise<unknown>;

/**
 * The calls that operators need beyond the customers' API. They run in the operator's command with the operator's own
 * AWS credentials: no deployed function has these permissions. Only POST receives messages or changes something.
 */
export function createOperatorApi(deps: OperatorDeps): OperatorApi {
  const reads = new Map<string, (request: OperatorRequest) => unknown>([
    ['deployment', () => deploymentView(deps)],
    ['accounts', (request) => accounts(request, deps)],
    ['queues', () => queues(deps)],
    ['alarms', () => alarms(deps)],
  ]);
  // One call at a time: a message that one call receives is invisible to another.
  const inTurn = createTurns<OperatorQueue>();
  const actions = new Map<string, (queue: OperatorQueue, body: unknown) => unknown>([
    [
      'messages',
      (queue, body) => {
        const { limit } = parse(ReadInput, body);
        return inTurn(queue, () => messages(queue, limit, deps));
      },
    ],
    [
      'moves',
      (queue, body) => {
        const move = readMove(queue, body);
        if (move.confirm && deps.readOnly) refuse(403, 'this console was started with --read-only');
        return inTurn(queue, () => moves(move, deps));
      },
    ],
  ]);
  return async (request) => {
    const { method, body } = request;
    const path = request.path.slice(OPERATOR_PATH.length);
    const read = reads.get(path);
    if (read !== undefined)
      return method === 'GET' ? read(request) : refuse(405, `${path} supports GET only`);
    const [, name, action = ''] = /^queues\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    const queue = OPERATOR_QUEUES.find((known) => known === name);
    const act = actions.get(action);
    if (queue === undefined || act === undefined) refuse(404, `there is no call ${request.path}`);
    return method === 'POST' ? act(queue, body) : refuse(405, `${path} supports POST only`);
  };
}

function deploymentView({ stack, target, operator, readOnly }: OperatorDeps): DeploymentView {
  return { stack: stack ?? null, api_url: requireOutput(target, 'ApiUrl'), operator, read_only: readOnly };
}

async function accounts(
  { query }: OperatorRequest,
  { target, dynamodb }: OperatorDeps,
): Promise<AccountsView> {
  const given = query.get('after');
  const after = given === null ? undefined : parseAccountCursor(given);
  if (given !== null && after === undefined)
    refuse(400, '"after" must be the value of "next" of an earlier page');
  const page = await listAccounts(
    { dynamodb, tableName: requireOutput(target, 'WebhooksTableName') },
    {
      limit: ACCOUNTS_OF_A_PAGE,
      maxReadUnits: READ_UNITS_OF_A_PAGE,
      after,
      ...(query.get('attention') === '1' ? { isSelected: needsAttention } : {}),
    },
  );
  return {
    accounts: page.accounts.map((account) => ({
      account_id: account.accountId,
      webhooks: account.webhooks,
      active: account.active,
      failing: account.failing,
      slow: account.slow,
      pending: account.pending,
      verification_failed: account.verificationFailed,
      disabled: account.disabled,
      disabled_by_service: account.disabledByService,
    })),
    next: page.next === undefined ? null : encodeAccountCursor(page.next),
    read_units: page.readUnits,
    read_usd: (page.readUnits * prices.dynamodb_read_per_million.price) / 1_000_000,
  };
}

async function queues({ target, sqs }: OperatorDeps): Promise<QueuesView> {
  const views = OPERATOR_QUEUES.map(async (name) => {
    const { Attributes: of = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: requireOutput(target, QUEUE_OUTPUTS[name]),
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'MessageRetentionPeriod',
        ],
      }),
    );
    return {
      name,
      messages: Number(of.ApproximateNumberOfMessages ?? 0),
      in_flight: Number(of.ApproximateNumberOfMessagesNotVisible ?? 0),
      retention_days: Number(of.MessageRetentionPeriod ?? 0) / DAY_SECONDS,
    };
  });
  return { queues: await Promise.all(views) };
}

function messages(queue: OperatorQueue, limit: number, deps: OperatorDeps): Promise<MessagesView> {
  const { sqs, timer, target } = deps;
  return readMessages({ sqs, timer, queue, queueUrl: requireOutput(target, QUEUE_OUTPUTS[queue]), limit });
}

async function moves(move: MoveRequest, deps: OperatorDeps): Promise<MoveView> {
  const { sqs, timer, target, recordMoves } = deps;
  const run = () => moveQueue(move, { sqs, timer, outputs: target.outputs });
  const { queue, accountId, webhookId, confirm } = move;
  const change = { action: MOVE_ACTIONS[queue], accountId, subject: webhookId };
  return moveView(confirm ? await recordMoves(change, run) : await run(), confirm);
}

async function alarms({ stack, target }: OperatorDeps): Promise<AlarmsView> {
  const found = await readAlarms(stack, target);
  return {
    alarms: found.map((alarm) => ({
      name: alarm.AlarmName ?? '',
      state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
      reason: alarm.StateReason ?? '',
      description: alarm.AlarmDescription ?? '',
      since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString() ?? null,
    })),
  };
}

function readMove(queue: OperatorQueue, body: unknown): MoveRequest {
  if (queue === 'unreadable')
    refuse(409, 'no deployment can read these messages: there is no queue to move them to');
  const { confirm, limit, account_id, webhook_id, reason, event_type } = parse(MoveBody, body);
  const undispatchedFilter = reason ?? event_type;
  if (queue === 'undispatched' ? webhook_id !== undefined : undispatchedFilter !== undefined) {
    refuse(
      400,
      `messages of ${queue} cannot be selected by ${webhook_id === undefined ? 'reason and type' : 'webhook'}`,
    );
  }
  return {
    ...{ queue, confirm, limit, reason, eventType: event_type },
    accountId: idOf('account_id', account_id, parseAccountId),
    webhookId: idOf('webhook_id', webhook_id, parseWebhookId),
  };
}

/** Without the check, a mistyped id would select nothing, and be reported as an empty queue. */
function idOf<Id>(
  name: string,
  given: string | undefined,
  parseId: (text: unknown) => Id | undefined,
): Id | undefined {
  if (given === undefined) return undefined;
  return parseId(given) ?? refuse(400, `${name} is not an id: "${given}"`);
}

function parse<T>(schema: z.ZodMiniType<T>, body: unknown): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  return refuse(400, error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}
