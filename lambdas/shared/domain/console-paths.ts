export const CONSOLE_PATH = '/console';
/** The console's first screen, and the address that is given to customers. */
export const CONSOLE_ENTRY = `${CONSOLE_PATH}/webhooks`;
