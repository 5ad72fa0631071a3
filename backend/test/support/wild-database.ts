import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';

// Databases that nobody listed: what a half-failed run, a hand-made column or a previous release may have left.

/** A database as SQL, and what about it must be refused, if anything must. */
export interface WildDatabase {
  readonly sql: string;
  readonly harm: string | undefined;
  /** What is ahead of the migrations, and left: in the lines of a schema, what is found in place of what is declared. */
  readonly ahead: readonly [declared: string, found: string] | undefined;
}

const SERVICE = fs.readFileSync(
  path.join(__dirname, '../fixtures/databases/1-before-the-migrations.sql'),
  'utf8',
);
const SESSION = '11111111-1111-4111-8111-111111111111';

/** A type that holds all that the declared one does is no harm: the database is ahead. */
const AHEAD = 'version is bigint';

/** How a column that should be not null with a default was left. */
const column = fc.record({
  default: fc.constantFrom('none', 'wanted', 'other'),
  state: fc.constantFrom('not null', 'nullable', 'holds nulls'),
});
type ColumnLeft = typeof column extends fc.Arbitrary<infer T> ? T : never;

const database = fc.record({
  status: fc.oneof(fc.constantFrom('absent', 'type only'), column),
  statusIndex: fc.constantFrom('none', 'there', 'invalid'),
  version: fc.oneof(fc.constant('absent'), column),
  messages: fc.option(
    fc.record({
      id: column.map((left): ColumnLeft => ({ ...left, state: 'not null' })),
      metadata: column,
      createdAt: column,
      foreignKey: fc.constantFrom('none', 'as wanted', 'on update cascade', 'not valid', 'named by hand'),
      indexes: fc.subarray(['session_id, created_at', 'created_at']),
      rows: fc.nat({ max: 3 }),
      proofLeft: fc.boolean(),
    }),
  ),
  extras: fc.subarray(['view', 'column', 'index', 'namesakes in another schema']),
  harm: fc.option(
    fc.constantFrom(
      'status is text',
      'other status labels',
      'status index on something else',
      AHEAD,
      'conversation_messages is some other table',
      'role is text',
      'other role labels',
      'messages without a session',
    ),
    { freq: 3, nil: undefined },
  ),
});
type Left = typeof database extends fc.Arbitrary<infer T> ? T : never;

export const wildDatabase: fc.Arbitrary<WildDatabase> = database.map((left) => ({
  sql: [SERVICE, status(left), version(left), messages(left), ...left.extras.map(extra)].join('\n'),
  harm: left.harm === AHEAD ? undefined : left.harm,
  ahead: left.harm === AHEAD ? ['sections version integer', 'sections version bigint'] : undefined,
}));

function columnSql(name: string, type: string, left: ColumnLeft, wanted: string, other: string): string {
  const value = { none: '', wanted: ` DEFAULT ${wanted}`, other: ` DEFAULT ${other}` }[left.default];
  return `${name} ${type}${value}${left.state === 'not null' ? ' NOT NULL' : ''}`;
}

/** A column added to a table with rows: filled first, then with the default and not-null that it was left with. */
function addColumn(
  table: string,
  name: string,
  type: string,
  left: ColumnLeft,
  wanted: string,
  other: string,
) {
  const value = { none: undefined, wanted, other }[left.default];
  return `ALTER TABLE ${table} ADD COLUMN ${name} ${type} DEFAULT ${other};
    ALTER TABLE ${table} ALTER ${name} ${value ? `SET DEFAULT ${value}` : 'DROP DEFAULT'};
    ${left.state === 'holds nulls' ? `UPDATE ${table} SET ${name} = NULL WHERE ctid <> '(0,1)';` : ''}
    ${left.state === 'not null' ? `ALTER TABLE ${table} ALTER ${name} SET NOT NULL;` : ''}`;
}

function status({ status: left, statusIndex, harm }: Left): string {
  const labels = harm === 'other status labels' ? "'active', 'done'" : "'active', 'completed', 'archived'";
  if (harm === 'status is text') return 'ALTER TABLE user_sessions ADD COLUMN status text;';
  const index = harm === 'status index on something else' ? 'project_name' : undefined;
  if (left === 'absent' && !harm?.includes('status')) return '';
  const type = `CREATE TYPE enum_user_sessions_status AS ENUM (${labels});`;
  const make = `CREATE INDEX user_sessions_status ON user_sessions (${index ?? 'status'});`;
  if (typeof left === 'string') return index ? `${type} ${make}` : type;
  const breakIt =
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'user_sessions_status'::regclass;";
  return `${type} ${addColumn('user_sessions', 'status', 'enum_user_sessions_status', left, "'active'", index ? "'active'" : labels.endsWith("'done'") ? "'done'" : "'archived'")}
    ${index || statusIndex !== 'none' ? make : ''} ${!index && statusIndex === 'invalid' ? breakIt : ''}`;
}

function version({ version: left, harm }: Left): string {
  if (harm === AHEAD) return 'ALTER TABLE sections ADD COLUMN version bigint NOT NULL DEFAULT 1;';
  return typeof left === 'string' ? '' : addColumn('sections', 'version', 'integer', left, '1', '7');
}

const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  none: '',
  'as wanted': 'CONSTRAINT conversation_messages_session_id_fkey',
  'on update cascade': 'CONSTRAINT conversation_messages_session_id_fkey',
  'not valid': 'CONSTRAINT conversation_messages_session_id_fkey',
  'named by hand': 'CONSTRAINT hand_made',
};

function messages({ messages: left, harm }: Left): string {
  const table = 'conversation_messages';
  if (harm === 'conversation_messages is some other table') return `CREATE TABLE ${table} (payload text);`;
  const forced =
    harm === 'role is text' || harm === 'other role labels' || harm === 'messages without a session';
  if (!left && !forced) return '';
  const { id, metadata, createdAt, foreignKey, indexes, rows, proofLeft } = left ?? DEFAULT_MESSAGES;
  const labels = harm === 'other role labels' ? "'user', 'robot'" : "'user', 'assistant', 'system'";
  const orphans = harm === 'messages without a session';
  const key = orphans ? '' : (FOREIGN_KEYS[foreignKey] ?? '');
  const cascade = foreignKey === 'on update cascade' ? 'ON UPDATE CASCADE ' : '';
  const value = (its: ColumnLeft, some: string) => (its.state === 'holds nulls' ? 'NULL' : some);
  return `CREATE TYPE enum_conversation_messages_role AS ENUM (${labels});
    CREATE TABLE ${table} (${columnSql('id', 'uuid', id, 'gen_random_uuid()', `'${SESSION}'`)} PRIMARY KEY,
      session_id uuid NOT NULL, role ${harm === 'role is text' ? 'text' : 'enum_conversation_messages_role'} NOT NULL,
      content text NOT NULL, ${columnSql('metadata', 'jsonb', metadata, "'{}'", "'[]'")},
      ${columnSql('created_at', 'timestamptz', createdAt, 'CURRENT_TIMESTAMP', "'2025-01-01'")});
    INSERT INTO ${table} SELECT gen_random_uuid(), '${orphans ? SESSION.replaceAll('1', '9') : SESSION}', 'user', n::text,
      ${value(metadata, `'{"n": 1}'`)}, ${value(createdAt, "'2025-07-01'")} FROM generate_series(1, ${String(orphans ? 1 : rows)}) AS n;
    ${key && `ALTER TABLE ${table} ADD ${key} FOREIGN KEY (session_id) REFERENCES user_sessions (session_id) ${cascade}ON DELETE CASCADE ${foreignKey === 'not valid' ? 'NOT VALID' : ''};`}
    ${indexes.map((columns) => `CREATE INDEX ${table}_${columns.replace(', ', '_')} ON ${table} (${columns});`).join('\n')}
    ${proofLeft && createdAt.state !== 'not null' ? `ALTER TABLE ${table} ADD CONSTRAINT ${table}_created_at_no_nulls CHECK (created_at IS NOT NULL) NOT VALID;` : ''}`;
}

const DEFAULT_MESSAGES: NonNullable<Left['messages']> = {
  id: { default: 'wanted', state: 'not null' },
  metadata: { default: 'wanted', state: 'not null' },
  createdAt: { default: 'wanted', state: 'not null' },
  foreignKey: 'none',
  indexes: [],
  rows: 1,
  proofLeft: false,
};

function extra(kind: string): string {
  switch (kind) {
    case 'view':
      return 'CREATE VIEW extra_view AS SELECT session_id, project_name FROM user_sessions;';
    case 'column':
      return 'ALTER TABLE sections ADD COLUMN extra_column text;';
    case 'index':
      return 'CREATE INDEX extra_index ON sections (name, id);';
    default:
      return `CREATE SCHEMA extra_schema; CREATE TABLE extra_schema.conversation_messages (id bytea);
        CREATE TABLE extra_schema.user_sessions (status text); CREATE TYPE extra_schema.enum_user_sessions_status AS ENUM ('x');`;
  }
}
