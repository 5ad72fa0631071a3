import type { Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import {
  byName,
  type Catalog,
  type Deferrability,
  DEFERRABILITIES,
  hasSameActions,
  referencesSame,
  type Table,
} from '../catalog';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../postgres';
import { foreignKeyName } from '../vocabulary';
import { type Proposal, sqlProposal } from './call';
import { schemaOfModel } from './declared-by-models';
import type { Home } from './home';

/** The column of a model whose foreign key is deferrable (Sequelize's `references.deferrable`). */
export interface DeferrableKey {
  /** The schema of the table; undefined for that of the migration log. */
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
  readonly deferrable: Deferrability;
}

/** Those of some models, as Sequelize itself writes them. */
export function deferrableKeys(models: readonly ModelStatic<Model>[], home: Home): DeferrableKey[] {
  return models.flatMap((model) =>
    Object.entries(model.getAttributes()).flatMap(([name, attribute]) => {
      const deferrable = deferrabilityOf(attribute);
      const key = {
        schema: schemaOfModel(model, home),
        table: model.tableName,
        column: attribute.field ?? name,
      };
      return deferrable === undefined ? [] : [{ ...key, deferrable }];
    }),
  );
}

function deferrabilityOf({ references }: ModelAttributeColumnOptions): Deferrability | undefined {
  const deferrable: unknown =
    typeof references === 'object' ? Reflect.get(references, 'deferrable') : undefined;
  const printed = String(deferrable);
  return isDeferrability(printed) ? printed : undefined;
}

function isDeferrability(printed: string): printed is Deferrability {
  return Object.hasOwn(DEFERRABILITIES, printed);
}

/** What is declared, with the keys that the models have checked at another time than at the end of a statement. */
export function withDeferrable(declared: Catalog, keys: readonly DeferrableKey[]): Catalog {
  const tables = [...declared.tables.values()].map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) => {
      const { deferrable = key.deferrable } =
        keys.find((one) => one.table === table.name && one.column === key.columns.join()) ?? {};
      return { ...key, deferrable };
    }),
  }));
  return { ...declared, tables: byName(tables) };
}

/**
 * Has the keys of a table be checked when the models declare it, when all of them are there. No word does that; it changes
 * only the catalog.
 *
 * @param found the table as the migrations make it; undefined where it is new
 */
export function changedDeferrability(
  found: Table | undefined,
  desired: Table,
  schema: string | undefined,
): Proposal[] {
  return desired.foreignKeys.flatMap((key) => {
    const there = found?.foreignKeys.find((other) => referencesSame(other, key));
    const { deferrable: was = 'NOT DEFERRABLE' } = there ?? {};
    if (was === key.deferrable) return [];
    const isKept = there !== undefined && hasSameActions(there, key);
    const name = isKept ? there.name : foreignKeyName(desired.name, key.columns.join());
    return [alterKey({ schema, table: desired.name, name }, was, key.deferrable)];
  });
}

interface NamedKey {
  readonly schema: string | undefined;
  readonly table: string;
  readonly name: string;
}

function alterKey({ schema, table, name }: NamedKey, was: Deferrability, is: Deferrability): Proposal {
  const of = quoteQualified(schema, table);
  const alter = `ALTER CONSTRAINT ${quoteIdentifier(name)}`;
  const unless =
    `SELECT FROM pg_constraint WHERE conrelid = to_regclass(${quoteLiteral(of)}) ` +
    `AND conname = ${quoteLiteral(name)} AND ${DEFERRABILITIES[is]}`;
  const down = `ALTER TABLE IF EXISTS ${of} ${alter} ${was}`;
  return sqlProposal({ up: `ALTER TABLE ${of} ${alter} ${is}`, down, unless });
}
