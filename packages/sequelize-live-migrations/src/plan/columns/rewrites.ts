import type { Column, Table } from '../../catalog';
import { quoteIdentifier, quoteLiteral, quoteLiterals } from '../../postgres';
import type { Difference } from '../draft/compare';
import type { Draft } from '../draft/draft';
import type { Step } from '../draft/step';

/**
 * Why a column whose values PostgreSQL makes is not added to a table that has rows: each of them would be written, while
 * nobody else can use the table (manual, ALTER TABLE, Notes).
 */
export function rewriteConflict(table: Table, column: Column): Difference {
  return {
    what: `column ${table.name}.${column.name}`,
    expected: 'its value in every row',
    found:
      'no such column, and rows: PostgreSQL would write all of them, while nobody else can use the table. Write instead\n' +
      insteadOf(table, column)
        .map((line) => `      ${line}`)
        .join('\n'),
  };
}

/**
 * That a column is of a domain with constraints: PostgreSQL writes all rows when it is added, whatever its default.
 *
 * @param steps those that add it
 */
export async function domainConflict(
  draft: Draft,
  { name: table, file }: Table,
  { name, type }: Column,
  steps: readonly Step[],
): Promise<Difference[]> {
  const { tables } = await draft.declare({ statements: steps.map(({ sql }) => sql) });
  if (tables.get(table)?.file === file) return [];
  return [
    {
      what: `column ${table}.${name}`,
      expected: `type ${type}`,
      found:
        'no such column, and rows: the type is a domain with constraints, for which PostgreSQL would write all of them, while ' +
        'nobody else can use the table. Declare the type on which the domain is based, and its condition by itself: ' +
        `schema.addConstraint(${quoteLiteral(table)}, { type: 'check', name: '…', where: literal('…') })`,
    },
  ];
}

/** The lines of a migration after which a plain column has the values that one made by PostgreSQL would have. */
function insteadOf(table: Table, column: Column): string[] {
  const isGenerated = column.generated === 's' || column.generated === 'v';
  return isGenerated ? insteadOfGenerated(table, column) : insteadOfSequence(table, column);
}

function insteadOfSequence({ name: table }: Table, column: Column): string[] {
  const sequence = `${table}_${column.name}_numbers`;
  const create = `CREATE SEQUENCE IF NOT EXISTS ${quoteIdentifier(sequence)} AS ${column.type}`;
  const value = JSON.stringify(`nextval(${quoteLiteral(quoteIdentifier(sequence))})`);
  const target = quoteLiterals([table, column.name]);
  return [
    `schema.sql({ up: ${quoted(create)}, down: ${quoted(`DROP SEQUENCE IF EXISTS ${quoteIdentifier(sequence)}`)} });`,
    `schema.addColumn(${target}, { …, allowNull: false, defaultValue: literal(${value}) });`,
  ];
}

function insteadOfGenerated({ name: table }: Table, column: Column): string[] {
  const name = `set_${table}_${column.name}`;
  const target = quoteLiterals([table, column.name]);
  const expression = column.default ?? '';
  const trigger =
    `CREATE OR REPLACE FUNCTION ${quoteIdentifier(name)}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN ` +
    `NEW.${quoteIdentifier(column.name)} := …; RETURN NEW; END$$; ` +
    `CREATE OR REPLACE TRIGGER ${quoteIdentifier(name)} BEFORE INSERT OR UPDATE ON ${quoteIdentifier(table)} ` +
    `FOR EACH ROW EXECUTE FUNCTION ${quoteIdentifier(name)}()`;
  return [
    `schema.addColumn(${target}, { type: ${quoteLiteral(column.type)} });`,
    `schema.sql({ up: ${quoted(trigger)}, down: … }); // … is ${expression}, of NEW`,
    `schema.bulkUpdate(${quoteLiteral(table)}, { ${quoteIdentifier(column.name)}: literal(${quoted(expression)}) }, …);`,
  ];
}

/** A text as TypeScript writes it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
