/** Set by `npm run test:schema`. */
const IN = 'TESTS_IN';

/** Whether the tests are run with tables in another schema than `public`. */
export function isInOtherSchema(): boolean {
  return process.env[IN] === 'schema';
}

/** The schema in which PostgreSQL creates the tables of the tests: the first of the search_path. */
export const SCHEMA = isInOtherSchema() ? 'tests_schema' : 'public';
