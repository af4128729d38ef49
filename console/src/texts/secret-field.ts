/** The input of a signing secret. */
export const SECRET_FIELD = { show: 'Show the secret' };
