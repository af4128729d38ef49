/** What to do about an answer that is not a success. */
export const PROBLEM = {
  offlineTitle: 'You are offline',
  offline: 'The newest data cannot be loaded. It is loaded when you are online again.',
  noAnswerTitle: 'The service did not answer',
  noAnswer: 'Check your connection, then try again.',
  tooManyTitle: 'Too many requests',
  unavailableTitle: 'The service is not available',
  failedTitle: 'The service failed',
  failed: 'Try again. If it fails again, tell your provider the request id.',
  inputTitle: 'This needs a correction',
  requestId: 'Request id',
  retry: 'Try again',
  /** Before a countdown. */
  retriesIn: 'This is tried again in',
};
