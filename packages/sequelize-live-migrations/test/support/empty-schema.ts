import { SCHEMA } from './schema-name';

/**
 * Empties the schema of the tests, as `DROP SCHEMA … CASCADE; CREATE SCHEMA …` does. After these two, each session
 * plans its prepared statements again, which takes longer than most of a test: so they are only run where there is more than
 * tables, sequences, views, types and functions, or where somebody has granted something on the schema.
 */
export const EMPTY_SCHEMA = `DO $$
  DECLARE
    statements text[] := ARRAY(
      SELECT CASE WHEN kind IN ('table', 'sequence', 'view', 'type', 'function') AND found.schema IS NOT NULL
        THEN format('DROP %s IF EXISTS %s CASCADE', kind, identity) END
      FROM pg_depend, pg_identify_object(classid, objid, 0) AS found(kind, schema, name, identity)
      WHERE refclassid = 'pg_namespace'::regclass AND refobjid = '${SCHEMA}'::regnamespace
      ORDER BY kind <> 'table'); -- which take their sequences and types along
    statement text;
  BEGIN
    IF array_position(statements, NULL) IS NOT NULL
      OR (SELECT nspacl IS NOT NULL FROM pg_namespace WHERE nspname = '${SCHEMA}')
    THEN
      statements := '{DROP SCHEMA ${SCHEMA} CASCADE,CREATE SCHEMA ${SCHEMA}}';
    END IF;
    FOREACH statement IN ARRAY statements LOOP
      EXECUTE statement;
    END LOOP;
  END $$`;
