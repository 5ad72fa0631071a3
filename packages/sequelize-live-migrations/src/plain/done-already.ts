import { quoteLiteral } from '../postgres';
import { type Client, rowsOf } from './stand-in';

const NAME = '((?:"(?:[^"]|"")+"|[\\w$]+)(?:\\.(?:"(?:[^"]|"")+"|[\\w$]+))?)';
const CREATE_INDEX = new RegExp(
  `^\\s*CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${NAME}\\s+ON\\s+(?:ONLY\\s+)?${NAME}`,
  'i',
);
const DROP_INDEX = new RegExp(`^\\s*DROP\\s+INDEX\\s+CONCURRENTLY\\s+${NAME}\\s*;?\\s*$`, 'i');
const ADD_VALUE = new RegExp(`^\\s*ALTER\\s+TYPE\\s+${NAME}\\s+ADD\\s+VALUE\\s+('(?:[^']|'')*')`, 'i');

/**
 * Prepares a statement that is in no transaction: a run that was killed may have done it already, or only in part.
 *
 * @returns why it is not to be sent; undefined where it is
 */
export async function doneAlready(client: Client, sql: string): Promise<string | undefined> {
  const [, index, table] = CREATE_INDEX.exec(sql) ?? [];
  if (index !== undefined && table !== undefined) return indexBuilt(client, sql, index, table);
  const [, dropped] = DROP_INDEX.exec(sql) ?? [];
  if (dropped !== undefined && !(await isFound(client, `to_regclass(${quoteLiteral(dropped)}) IS NOT NULL`)))
    return `index ${dropped} does not exist any more`;
  const [, type, label] = ADD_VALUE.exec(sql) ?? [];
  if (type === undefined || label === undefined) return undefined;
  const exists = `EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype(${quoteLiteral(type)}) AND enumlabel = ${label})`;
  return (await isFound(client, exists)) ? `${type} has the value ${label} already` : undefined;
}

/** Drops an index of the name that was not built to the end, which PostgreSQL leaves behind, and which no query uses. */
async function indexBuilt(
  client: Client,
  sql: string,
  index: string,
  table: string,
): Promise<string | undefined> {
  const ofTable = `indrelid = to_regclass(${quoteLiteral(table)}) AND indexrelid = ${regclassOf(index, table)}`;
  const [found] = await rowsOf<{ valid: boolean; name: string; definition: string }>(
    client,
    `SELECT indisvalid AS valid, indexrelid::regclass::text AS name, ${DEFINITION} AS definition FROM pg_index WHERE ${ofTable}`,
  );
  if (!found) return undefined;
  if (!found.valid) {
    await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${found.name}`);
    return undefined;
  }
  const declared = await declaredDefinition(client, sql, index, table);
  return declared === found.definition ? `index ${index} is built already` : undefined;
}

/** An index is in the schema of its table. */
function regclassOf(index: string, table: string): string {
  const schema = `(SELECT relnamespace FROM pg_class WHERE oid = to_regclass(${quoteLiteral(table)}))`;
  const name = index.startsWith('"') ? index.slice(1, -1).replaceAll('""', '"') : index.toLowerCase();
  return `(SELECT oid FROM pg_class WHERE relname = ${quoteLiteral(name)} AND relnamespace = ${schema})`;
}

/** The definition of an index without its name and its table. */
const DEFINITION =
  "concat(indisunique, substr(pg_get_indexdef(indexrelid), strpos(pg_get_indexdef(indexrelid), ' USING ')))";

/** What the definition of an index would be, as PostgreSQL prints it: of the same on an empty temporary table. */
async function declaredDefinition(
  client: Client,
  sql: string,
  index: string,
  table: string,
): Promise<string | undefined> {
  const [, body = ''] = sql.split(new RegExp(`\\sON\\s+(?:ONLY\\s+)?${escaped(table)}`, 'i'));
  const unique = /^\s*CREATE\s+UNIQUE/i.test(sql) ? 'UNIQUE ' : '';
  try {
    await client.query(
      `BEGIN; CREATE TEMP TABLE plain_index (LIKE ${table}); CREATE ${unique}INDEX ${index} ON pg_temp.plain_index ${body}`,
    );
    const temporary = "indrelid = 'pg_temp.plain_index'::regclass";
    const definition = `SELECT ${DEFINITION} AS definition FROM pg_index WHERE ${temporary}`;
    const [row] = await rowsOf<{ definition: string }>(client, definition);
    return row?.definition;
  } catch {
    return undefined; // then the server says what it has against the statement
  } finally {
    await client.query('ROLLBACK');
  }
}

function escaped(text: string): string {
  return text.replace(/[$.]/g, '\\$&');
}

async function isFound(client: Client, condition: string): Promise<boolean> {
  const [row] = await rowsOf<{ found: boolean }>(client, `SELECT ${condition} AS found`);
  return row?.found === true;
}
