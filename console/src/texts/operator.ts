import type { OperatorQueue } from '../../../command/console/views.ts';
import { count, number } from './language.ts';

/** The words for a redrive. */
const REDRIVE = { title: 'Redrive', done: 'moved back' };

export const OPERATOR = {
  product: 'Operators',
  navigation: 'Operators’ screens',
  localCloud: 'local cloud',
  readOnly: 'Read only',
  readOnlyReason: 'The console was started with --read-only.',
  account: 'Account',
  leave: 'Leave the account',
  accounts: 'Accounts',
  queues: 'Queues',
  alarms: 'Alarms',
  starting: 'Opening the console…',
  closedTitle: 'The console is closed',
  closed:
    'The command that served this page has ended, or this tab does not have its token. Run "webhook-fanout console" and open the address that it prints.',
  chooseTitle: 'Choose an account',
  choose: 'This screen shows an account. Choose one first.',
  toAccounts: 'Show accounts',
  refusedTitle: 'AWS did not do this',
  noAnswerTitle: 'The command does not answer',
  noAnswer: 'It may have ended. Run "webhook-fanout console" again and open the address that it prints.',
  retry: 'Try again',
};

export const ACCOUNTS = {
  title: 'Accounts',
  open: 'Open an account',
  id: 'Account id',
  idHint: 'Also an account without webhooks. 1 to 64 characters of A-Z a-z 0-9 _ -.',
  idInvalid: (id: string) => `"${id}" is not an account id. It has 1 to 64 characters of A-Z a-z 0-9 _ -.`,
  openButton: 'Open',
  all: 'All accounts',
  attention: 'Only those that need attention',
  filter: 'Which accounts',
  caption: 'Accounts with webhooks',
  account: 'Account',
  webhooks: 'Webhooks',
  active: 'Active',
  state: 'Needs attention',
  others: 'Others',
  noOthers: 'none',
  nothing: 'Nothing',
  failing: (n: number) => `${number(n)} failing`,
  disabledByService: (n: number) => `${number(n)} disabled by the service`,
  verificationFailed: (n: number) => `${number(n)} not verified`,
  pending: (n: number) => `${number(n)} waiting for verification`,
  slow: (n: number) => `${number(n)} slow`,
  disabled: (n: number) => `${number(n)} disabled by the customer`,
  empty: 'No account has a webhook.',
  emptyPage: 'None of the accounts on this page. More may follow.',
  noAttention: 'No account needs attention.',
  first: 'First page',
  more: 'Next accounts',
  cost: (units: number, usd: number) =>
    `The table has no list of accounts: this page read ${count(Math.ceil(units), 'unit')} of it, for ${dollars(usd)}. The accounts are in no order.`,
};

/** In the order in which they are shown. */
export const QUEUES: Readonly<
  Record<
    OperatorQueue,
    { name: string; meaning: string; move?: { title: string; done: string; effect: string } }
  >
> = {
  undispatched: {
    name: 'undispatched',
    meaning:
      'Events that cannot be dispatched: an unknown type, no account, too large, or refused by the bus.',
    move: {
      title: 'Redispatch',
      done: 'put back on the events queue',
      effect:
        'Each event is dispatched again. Correct the catalogue or the publisher first: events that are refused again return here.',
    },
  },
  poison: {
    name: 'poison',
    meaning: 'Messages that our side failed to handle at every receive. The functions’ logs have the reason.',
    move: {
      ...REDRIVE,
      effect: 'Each message returns to the queue from which SQS moved it. Correct the failure first.',
    },
  },
  unreadable: {
    name: 'unreadable',
    meaning: 'Messages that no deployment can read. A sender of another project, or a defect, wrote them.',
  },
  exhausted: {
    name: 'exhausted',
    meaning: 'Deliveries whose last attempt failed at the customer’s endpoint. No fault of our side.',
    move: {
      ...REDRIVE,
      effect:
        'Each delivery is sent again, as a new delivery with all its attempts. Customers can do the same with "Recover".',
    },
  },
};

export const QUEUE = {
  title: 'Queues',
  caption: 'Queues that wait for an operator',
  queue: 'Queue',
  meaning: 'What is on it',
  messages: 'Messages',
  inFlight: 'Being read',
  kept: 'Kept',
  days: (days: number) => count(days, 'day'),
  unknown: (name: string) => `There is no queue "${name}".`,
  approximate: 'SQS counts approximately.',
  toQueues: 'Show queues',

  readTitle: 'Messages',
  read: (limit: number) => `Read up to ${number(limit)} messages`,
  readEffect:
    'Reading hides the messages from other readers for some seconds and raises their receive count. It changes nothing else.',
  readNone: 'The queue has no visible message.',
  readCaption: 'Messages, the newest first',
  readSome: (n: number, mayHaveMore: boolean) =>
    `${count(n, 'message')} read. ${mayHaveMore ? 'The queue has more.' : 'These are all.'}`,
  reason: 'Reason',
  sent: 'Sent',
  about: 'About',
  received: 'Received',
  times: (n: number) => (n === 1 ? 'once' : `${number(n)} times`),
  body: 'Body',
  showBody: 'Show',
  showBodyOf: (id: string) => `Show the body of ${id}`,
  bodyCut: 'Only the beginning is shown.',
  noIds: 'no id can be read',

  moveAccount: 'Only this account',
  moveWebhook: 'Only this webhook',
  moveReason: 'Only reasons that contain',
  moveType: 'Only this event type',
  moveLimit: 'Read at most',
  moveLimitHint:
    'SQS cannot search: all messages up to this number are read, and the others become visible again.',
  count: 'Count what would be moved',
  counted: (n: number) =>
    n === 0 ? 'Nothing would be moved.' : `${count(n, 'message')} would be moved. Nothing was changed.`,
  moved: (n: number, done: string) => `${count(n, 'message')} ${done}.`,
  notSelected: (n: number) => `${count(n, 'message')} not selected.`,
  duplicates: (n: number) => `${count(n, 'message')} kept, with the same text as one that was moved.`,
  failed: (n: number) => `${count(n, 'message')} cannot be moved:`,
  mayHaveMore: 'There may be more: the limit was reached.',
  groups: 'How many by reason, account or queue',
  group: 'Of which',
  move: (title: string, n: number) => `${title} ${count(n, 'message')}…`,
  moveTitle: (title: string, n: number) => `${title} ${count(n, 'message')}?`,
  moveNote:
    'Messages that arrive meanwhile may be moved, too. The audit log records the move under your name.',
};

export const ALARMS = {
  title: 'Alarms',
  caption: 'Alarms of the stack, those that fire first',
  empty: 'The stack has no alarms.',
  firing: (n: number, all: number) =>
    n === 0
      ? `None of ${number(all)} alarms fires.`
      : `${number(n)} of ${count(all, 'alarm')} ${n === 1 ? 'fires' : 'fire'}.`,
  alarm: 'Alarm',
  state: 'State',
  since: 'Since',
  reason: 'Reason',
  states: { ALARM: 'Fires', OK: 'OK', INSUFFICIENT_DATA: 'No data yet' },
};

function dollars(usd: number): string {
  return usd < 0.0001 ? 'less than $0.0001' : `$${usd.toFixed(4)}`;
}
