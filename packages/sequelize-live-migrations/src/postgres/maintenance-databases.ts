/**
 * The databases that are connected to for creating and dropping others: `postgres`, or, where that has been dropped or may
 * not be connected to, `template1`, which each server has. createdb does the same (manual, createdb).
 */
export const MAINTENANCE_DATABASES: readonly [string, string] = ['postgres', 'template1'];
