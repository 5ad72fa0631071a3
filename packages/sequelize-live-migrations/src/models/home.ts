import type { Sequelize } from 'sequelize';

/** The schema of the migration log, in which a table without a schema is, and what is needed to name a table of another one. */
export interface Home {
  readonly schema: string;
  /** The words that PostgreSQL quotes where they are names. */
  readonly keywords: ReadonlySet<string>;
}

/** A table by itself: with its schema, whichever that is. */
interface QualifiedTable {
  readonly schema: string;
  readonly table: string;
}

/** @throws where the search_path finds no schema */
export async function homeOf(sequelize: Sequelize): Promise<Home> {
  const [rows] = await sequelize.query(
    `SELECT current_schema() AS schema, ARRAY(SELECT word FROM pg_get_keywords() WHERE catcode <> 'U') AS keywords`,
  );
  const [row] = rows;
  if (typeof row !== 'object' || row === null || !('schema' in row) || !('keywords' in row))
    throw new Error('PostgreSQL did not return the current schema.');
  const keywords: unknown = row.keywords;
  return {
    schema: String(row.schema),
    keywords: new Set(Array.isArray(keywords) ? keywords.map(String) : []),
  };
}

/** The name of a table seen from a schema, as the catalog has it: with the schema where that is another one. */
export function seenFrom(from: string, { schema, table }: QualifiedTable, { keywords }: Home): string {
  if (schema === from) return table;
  return [schema, table].map((name) => printedIdentifier(name, keywords)).join('.');
}

/** The same name as the search_path of the migration log finds it, which may be of another schema in another database. */
export function atHome(printed: string, { schema, keywords }: Home): string {
  const prefix = `${printedIdentifier(schema, keywords)}.`;
  return printed.startsWith(prefix) ? printed.slice(prefix.length) : printed;
}

/** An identifier as PostgreSQL's own `quote_ident` prints it: in quotes only where it needs them. */
function printedIdentifier(name: string, keywords: ReadonlySet<string>): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name);
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}
