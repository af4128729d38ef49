/** Values for the examples of the OpenAPI document. The ids are valid and do not exist. */
export const EXAMPLE_WEBHOOK_ID = 'wh_01kf0r7a0zt5t1tpsvh3m0xa';
export const EXAMPLE_EVENT_ID = 'evt_2gq7c1v9x0m4ks8h6w3ytd5b';
export const EXAMPLE_DELIVERY_ID = 'dlv_01khcz2m0v7x3q9t5w8n4c6s1g2kyb';
export const EXAMPLE_REQUEST_ID = 'JKJaXmPLvHcESHA=';
export const EXAMPLE_RECOVERY_ID = 'rcv_01kf0r7a0z4b8n2c6x9w3t5v';
export const EXAMPLE_LISTENER_ID = 'lsn_01kf0r7a0z9k3m5p7r1t2v4x';
export const EXAMPLE_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const EXAMPLE_TIME = '2026-01-15T10:30:00.000Z';
export const EXAMPLE_TOKEN = 'whs_01kf0r7a0z4b8n2c6x9w3t5vMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.acct_1';
export const EXAMPLE_CODE = 'whc_01kf0r7a0z4b8n2c6x9w3t5vZo2LaLaSwMfKQ9r8GKYqrTwjUPD8ILPI.acct_1';
