/** The choice of a time. */
export const PERIOD = {
  label: 'Time',
  words: {
    '1h': 'Last hour',
    '24h': 'Last 24 hours',
    '7d': 'Last 7 days',
    all: 'All that is kept',
    other: 'Other time…',
  },
  since: 'From (your time)',
  until: 'Before (your time)',
};
