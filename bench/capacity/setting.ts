export const SECRET = 'a secret for this benchmark only, 32 characters';

/**
 * How often pings, comparisons with Redis and renewals of presence come here, in milliseconds. That is more often than by
 * default, so that enough of them fall into a short time; the model counts them one by one.
 */
export const UPKEEP_MS = 1500;
