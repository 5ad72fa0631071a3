import { type Catalog, type ForeignKey, hasSameActions, type Table } from '../catalog';
import { foreignKeyInWords } from '../plan';
import { quoteIdentifier, quoteIdentifiers, quoteLiteral, quoteQualified } from '../postgres';
import { type Proposal, sqlProposal } from './call';
import { differingKeys } from './differing-keys';
import { atHome, type Home, seenFrom } from './home';
import { inWords } from './locks';
import { noticedInWords } from './previous-release';

// All tables of a migration are in one schema, because one search_path finds them: so a foreign key to a table of another
// one is SQL, and is added when the tables of all schemas are there.

/** The foreign keys of the tables of a schema to those of others, that are to be changed. */
export interface KeysBetween {
  /** The schema of the tables; undefined for that of the migration log. */
  readonly schema: string | undefined;
  readonly added: readonly AddedKey[];
  readonly gone: readonly KeyOfTable[];
  /** The tables of the schema that are created. */
  readonly created: readonly string[];
}

interface KeyOfTable {
  readonly table: string;
  readonly key: ForeignKey;
}

interface AddedKey extends KeyOfTable {
  readonly replaces: ForeignKey | undefined;
  /** Whether the table is there already, and may have rows. */
  readonly mayHaveRows: boolean;
}

/** Catalogs without the keys to tables of other schemas, of which the names have the schema. */
export function withoutKeysBetween(catalog: Catalog, isOwn: (table: string) => boolean): Catalog {
  const tables = [...catalog.tables.values()].map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.filter(({ references }) => isOwn(references.table)),
  }));
  return { ...catalog, tables: new Map(tables.map((table) => [table.name, table])) };
}

/** How these keys differ between what is found and what is declared. */
export function keysBetween(
  found: Catalog,
  wanted: readonly Table[],
  isOwn: (table: string) => boolean,
): Omit<KeysBetween, 'schema'> {
  const outgoing = (table: Table | undefined) =>
    table?.foreignKeys.filter(({ references }) => !isOwn(references.table)) ?? [];
  const isSame = (one: ForeignKey, other: ForeignKey) =>
    hasSameActions(one, other) && one.deferrable === other.deferrable;
  const differing = wanted.map((table) => {
    const there = found.tables.get(table.name);
    const of = { table: table.name, mayHaveRows: there !== undefined };
    return { of, ...differingKeys(outgoing(there), table, outgoing(table), isSame) };
  });
  return {
    created: differing.flatMap(({ of }) => (of.mayHaveRows ? [] : [of.table])),
    added: differing.flatMap(({ of, added }) => added.map((one) => ({ ...of, ...one }))),
    gone: differing.flatMap(({ of, gone }) => gone.map((key) => ({ ...of, key }))),
  };
}

/** Adds and drops them. On a table that may have rows, a key is added `NOT VALID`, which reads none. */
export function keyProposals(all: readonly KeysBetween[], home: Home): Proposal[] {
  return all.flatMap(({ schema, added, gone }) => [
    ...gone.map(({ table, key }) => {
      const of = quoteQualified(schema, table);
      return sqlProposal(
        {
          up: `ALTER TABLE ${of} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(key.name)}`,
          down: `ALTER TABLE ${of} ADD ${keySql(key, home)} NOT VALID`,
        },
        `REMOVES the ${foreignKeyInWords(key)} of ${nameInWords(schema, table)}, which no model declares. An undo adds it ` +
          'for new rows only: ALTER TABLE … VALIDATE CONSTRAINT … reads the others.',
      );
    }),
    ...added.map((one) => addedKey(schema, one, home)),
  ]);
}

function addedKey(
  schema: string | undefined,
  { table, key, replaces, mayHaveRows }: AddedKey,
  home: Home,
): Proposal {
  const of = quoteQualified(schema, table);
  const drop = `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(key.name)}`;
  const notValid = mayHaveRows ? ' NOT VALID' : '';
  const add = `ADD ${keySql(key, home)}${notValid}`;
  if (replaces) {
    const dropOther = `DROP CONSTRAINT IF EXISTS ${quoteIdentifier(replaces.name)}`;
    return sqlProposal({
      up: `ALTER TABLE ${of} ${dropOther}, ${add}`,
      down: `ALTER TABLE ${of} ${drop}, ADD ${keySql(replaces, home)} NOT VALID`,
    });
  }
  const unless =
    `SELECT FROM pg_constraint WHERE conrelid = to_regclass(${quoteLiteral(of)}) AND contype = 'f' ` +
    `AND conname = ${quoteLiteral(key.name)}`;
  return sqlProposal({ up: `ALTER TABLE ${of} ${add}`, down: `ALTER TABLE IF EXISTS ${of} ${drop}`, unless });
}

/** Validates those that are added `NOT VALID`: in a migration of its own, because it would read rows under the lock of that. */
export function validationProposals(all: readonly KeysBetween[]): Proposal[] {
  return all.flatMap(({ schema, added }) =>
    added
      .filter(({ mayHaveRows }) => mayHaveRows)
      .map(({ table, key }) => ({
        ...sqlProposal(
          {
            up: `ALTER TABLE ${quoteQualified(schema, table)} VALIDATE CONSTRAINT ${quoteIdentifier(key.name)}`,
            down: 'SELECT',
          },
          `${foreignKeyInWords(key)}: orphaned rows of ${nameInWords(schema, table)} stop this.`,
        ),
        isLeft: true,
      })),
  );
}

/** Which locks adding and dropping them takes on tables that are there, and what the previous release notices. */
export function keysInWords(
  all: readonly KeysBetween[],
  home: Home,
): { locks: string; previousRelease: string } {
  const nameOf = (schema = home.schema, table: string) => seenFrom('', { schema, table }, home);
  const created = all.flatMap(({ schema, created: tables }) => tables.map((table) => nameOf(schema, table)));
  const locked = all
    .flatMap(({ schema, added, gone }) =>
      [...added, ...gone].flatMap(({ table, key }) => [nameOf(schema, table), key.references.table]),
    )
    .filter((table) => !created.includes(table));
  const isDropped = all.some(({ added, gone }) => gone.length > 0 || added.some(({ replaces }) => replaces));
  const tables = [...new Set(locked)].map((table) => atHome(table, home));
  const noticed = all.flatMap(({ schema, added }) =>
    added
      .filter(({ mayHaveRows }) => mayHaveRows)
      .map(
        ({ table, key }) =>
          `can write no row into ${nameInWords(schema, table)} that ${key.name} does not accept`,
      ),
  );
  return {
    locks:
      tables.length === 0
        ? 'Locks: none that blocks reads or writes.'
        : `Locks: ${isDropped ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE'} on ${inWords(tables)}, briefly.`,
    previousRelease: noticedInWords(noticed),
  };
}

/** A key as `ALTER TABLE … ADD` takes it. */
function keySql(key: ForeignKey, home: Home): string {
  const { name, columns, references, onUpdate, onDelete, deferrable } = key;
  const when = deferrable === 'NOT DEFERRABLE' ? '' : ` ${deferrable}`;
  return (
    `CONSTRAINT ${quoteIdentifier(name)} FOREIGN KEY (${quoteIdentifiers(columns)}) ` +
    `REFERENCES ${atHome(references.table, home)} (${quoteIdentifiers(references.columns)}) ` +
    `ON UPDATE ${onUpdate} ON DELETE ${onDelete}${when}`
  );
}

function nameInWords(schema: string | undefined, table: string): string {
  return schema === undefined ? table : `${schema}.${table}`;
}
