/**
 * The databases that are connected to for creating and dropping others: `postgres`, or, where that has been dropped or may
 * not be connected to, `template1`, which each server has. createdb does the same (manual, createdb).
 */
export const MAINTENANCE_DATABASES: readonly [string, string] = ['postgres', 'template1'];

/** An SQL condition: whether the database has Citus. */
export const HAS_CITUS = "EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')";

/** An SQL expression for the server's `deadlock_timeout`, in milliseconds. */
export const DEADLOCK_TIMEOUT_MS = "1000 * extract(epoch FROM current_setting('deadlock_timeout')::interval)";
