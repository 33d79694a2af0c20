/**
 * Seconds of validity that must be left when a payment is sent: settlement takes time, and so do slow wallets. A module
 * of its own, so that judging an offer does not load what signing takes.
 */
export const RUNWAY_SECONDS = 20;
