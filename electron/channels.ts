/** The only two channels between page and host. */
export const CALL_CHANNEL = 'redthread:call'
export const EVENT_CHANNEL = 'redthread:event'
