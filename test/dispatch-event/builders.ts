export const BUS_ID = '6a7e8feb-b491-4cf7-a9f1-bf3703467718';

/** An event as EventBridge writes it. */
export function busEvent(change: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) {
  return {
    version: '0',
    id: BUS_ID,
    'detail-type': 'file.uploaded',
    source: 'ppt',
    account: '000000000000',
    time: '2026-01-15T10:30:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { account_id: 'acct_1', id: 'evt_1', data: { file_id: 'file_1' }, ...detail },
    ...change,
  };
}

/** The text of an event with this JSON text as its data. */
export function busEventWithData(data: string): string {
  return JSON.stringify(busEvent({}, { data: 'DATA' })).replace('"DATA"', () => data);
}

/** JSON text of nested arrays. JSON.stringify cannot write such depths. */
export function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
