import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../support/build';
import { run } from '../support/cli';
import { createDatabaseLike, dropDatabases, type TestDatabase } from '../support/database';
import { migrate } from '../support/first-five';
import { commandsOf } from '../support/psql';
import { SCHEMA } from '../support/schema';

// The statements that the migrations really send to tables with rows, forwards and back, go through squawk, a
// linter for dangerous SQL. What it objects to is either fixed or listed here, for one statement, with the reason.

afterAll(() => dropDatabases());

interface Objection {
  readonly rule: string;
  readonly statement: string;
}

/** One objection to one statement, and why the statement is right all the same. */
interface Accepted {
  readonly rule: string;
  readonly statement: RegExp;
  readonly because: string;
}

const renamed = (from: string, to: string): Accepted => ({
  rule: from.includes('.') ? 'renaming-column' : 'renaming-table',
  statement: new RegExp(`^ALTER TABLE "${from.replace('.', '" RENAME COLUMN "')}" (RENAME )?TO "${to}"$`),
  because: 'an undo sets it aside from a service that must not use it any more, and the next up puts it back',
});

const proven = (table: string, column: string): Accepted => ({
  rule: 'adding-not-nullable-field',
  statement: new RegExp(`^ALTER TABLE "${table}" ALTER COLUMN "${column}" SET NOT NULL$`),
  because: 'a validated check has proven it just before: no row is read',
});

const ACCEPTED: readonly Accepted[] = [
  {
    rule: 'prefer-text-field',
    statement: new RegExp(String.raw`^CREATE TABLE IF NOT EXISTS "${SCHEMA}"\."SequelizeMeta"`),
    because: 'the table is as umzug makes it, so that the two can be exchanged',
  },
  {
    rule: 'prefer-bigint-over-int',
    statement: /^ALTER TABLE "sections" ADD COLUMN "version" integer DEFAULT 1 NOT NULL$/,
    because: 'it counts the saves of one section',
  },
  {
    rule: 'require-lock-timeout',
    statement: /^CREATE INDEX CONCURRENTLY "user_sessions_status"/,
    because: 'with one it would fail behind any writer; nobody waits for it, and it has a limit of its own',
  },
  {
    rule: 'prefer-robust-stmts',
    statement: /^CREATE INDEX CONCURRENTLY "user_sessions_status"/,
    because: 'IF NOT EXISTS would take an invalid index for one; the plan drops that first',
  },
  {
    rule: 'ban-drop-table',
    statement: /^DROP TABLE "undone_conversation_messages"$/,
    because: 'undoing it where it is found empty, once it was renamed, so that nobody writes to it any more',
  },
  renamed('user_sessions.status', 'undone_status'),
  renamed('user_sessions.undone_status', 'status'),
  renamed('sections.version', 'undone_version'),
  renamed('sections.undone_version', 'version'),
  renamed('conversation_messages', 'undone_conversation_messages'),
  renamed('undone_conversation_messages', 'conversation_messages'),
  proven('sections', 'version'),
  proven('conversation_messages', 'metadata'),
  proven('conversation_messages', 'created_at'),
];

/** A message as the server got it, and the timeouts under which it did. */
interface Message {
  readonly text: string;
  readonly timeouts: Readonly<Record<string, string>>;
}

/** Notes every message that changes the schema. */
const NOTE = `
  CREATE TABLE sent (n serial, text text, timeouts jsonb);
  CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO sent (text, timeouts) SELECT current_query(), jsonb_object_agg(name, setting)
    FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout'); END $$;
  CREATE EVENT TRIGGER note ON ddl_command_start EXECUTE FUNCTION note()`;

async function messagesTo(database: TestDatabase): Promise<Message[]> {
  await database.query(NOTE);
  await migrate(database, (umzug) => umzug.up());
  await migrate(database, (umzug) => umzug.down({ to: 0 }));
  await migrate(database, (umzug) => umzug.up());
  // Nobody else sees a temporary table.
  const rows = await database.query(
    `SELECT DISTINCT ON (text) text, timeouts FROM sent WHERE text NOT LIKE 'CREATE TEMPORARY TABLE%' ORDER BY text, n`,
  );
  return rows.map(({ text, timeouts }) => ({ text: String(text), timeouts: Object(timeouts) }));
}

/** The commands of a message, with the transaction and the timeouts around it written out. */
function commandsFor({ text, timeouts }: Message): string[] {
  const sent = commandsOf(`${text};`);
  return [
    ...(sent.at(-1) === 'COMMIT' ? ['BEGIN'] : []),
    ...Object.entries(timeouts).flatMap(([name, ms]) => (ms === '0' ? [] : [`SET ${name} = ${ms}`])),
    ...sent,
  ];
}

/** What squawk says of messages. Each is a file of its own; one process reads them all. */
async function objectionsTo(messages: readonly Message[]): Promise<Objection[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-squawk-'));
  const files = new Map(
    messages.map((message, n) => [path.join(folder, `${String(n)}.sql`), commandsFor(message)]),
  );
  for (const [file, commands] of files) {
    fs.writeFileSync(file, commands.map((command) => `${command.replaceAll('\n', ' ')};\n`).join(''));
  }
  const squawk = path.join(ROOT, 'node_modules/squawk-cli/js/bin/squawk');
  const args = [squawk, '--reporter', 'json', '--pg-version', '14.0', ...files.keys()];
  const { stdout, stderr } = await run(process.execPath, args);
  fs.rmSync(folder, { recursive: true });
  const found: unknown = JSON.parse(stdout || '[]');
  if (!Array.isArray(found)) throw new Error(stderr);
  return found.map(({ file, rule_name, line }) => ({
    rule: String(rule_name),
    statement: files.get(String(file))?.[Number(line)] ?? '',
  }));
}

const isOf = ({ rule, statement }: Objection, accepted: Accepted) =>
  rule === accepted.rule && accepted.statement.test(statement);

it('squawk objects to no statement that the migrations send, but to those that are listed, each of which is sent', async () => {
  const dumps = ['1-before-the-migrations', '3-created-by-sequelize-sync'];
  const messages: Message[] = [];
  for (const dump of dumps) messages.push(...(await messagesTo(await createDatabaseLike(dump))));
  expect(messages.map(({ text }) => text).join()).toMatch(
    /ADD COLUMN .* VALIDATE CONSTRAINT .* RENAME COLUMN /s,
  );

  const objections = await objectionsTo(messages);
  const isAccepted = (objection: Objection) => ACCEPTED.some((accepted) => isOf(objection, accepted));
  expect(objections.filter((objection) => !isAccepted(objection))).toEqual([]);
  expect(ACCEPTED.filter((accepted) => !objections.some((objection) => isOf(objection, accepted)))).toEqual(
    [],
  );
});

it('and it would object to what the migrations avoid', async () => {
  const timeouts = { lock_timeout: '300', statement_timeout: '300' };
  const text = 'CREATE INDEX user_sessions_status ON user_sessions (status)';
  const objections = await objectionsTo([{ text, timeouts }]);
  expect(objections.map(({ rule }) => rule)).toContain('require-concurrent-index-creation');
});
