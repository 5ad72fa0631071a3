/** An SQL expression for the server's `deadlock_timeout`, in milliseconds. */
export const DEADLOCK_TIMEOUT_MS = "1000 * extract(epoch FROM current_setting('deadlock_timeout')::interval)";
