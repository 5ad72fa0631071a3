import type { Model, ModelAttributeColumnOptions, ModelStatic } from 'sequelize';
import { quoteIdentifier, quoteLiteral } from '../postgres';
import { columnsOf, foreignKeyName, forwardOf, isForeignKey } from '../vocabulary';
import { type Call, call, type Proposal } from './call';
import { changesWithAnyValue } from './open-values';

/** The column of a model whose foreign key is deferrable (Sequelize's `references.deferrable`). */
export interface DeferrableKey {
  readonly table: string;
  readonly column: string;
  /** `DEFERRABLE INITIALLY DEFERRED` */
  readonly mode: string;
}

/** Those of some models, as Sequelize itself writes them. */
export function deferrableKeys(models: readonly ModelStatic<Model>[]): DeferrableKey[] {
  return models.flatMap((model) =>
    Object.entries(model.getAttributes()).flatMap(([name, attribute]) => {
      const mode = modeOf(attribute);
      return mode === undefined ? [] : [{ table: model.tableName, column: attribute.field ?? name, mode }];
    }),
  );
}

function modeOf({ references }: ModelAttributeColumnOptions): string | undefined {
  const deferrable: unknown =
    typeof references === 'object' ? Reflect.get(references, 'deferrable') : undefined;
  const isNamed = (typeof deferrable === 'object' && deferrable !== null) || typeof deferrable === 'function';
  const print: unknown = isNamed ? Reflect.get(deferrable, 'toString') : undefined;
  const printed = typeof print === 'function' ? String(Reflect.apply(print, deferrable, [])) : '';
  const [mode] = /^DEFERRABLE INITIALLY (DEFERRED|IMMEDIATE)$/.exec(printed) ?? [];
  return mode;
}

/** Makes the keys that some proposals add deferrable. No word does that; it changes only the catalog. */
export function deferredProposals(
  keys: readonly DeferrableKey[],
  proposals: readonly Proposal[],
  schema: string | undefined,
): Proposal[] {
  const added = addedKeys(proposals.flatMap(({ up }) => up));
  return keys.flatMap(({ table, column, mode }) => {
    const name = added.find((key) => key.table === table && key.column === column)?.name;
    if (name === undefined) return [];
    const of = [...(schema === undefined ? [] : [schema]), table].map(quoteIdentifier).join('.');
    const alter = `ALTER CONSTRAINT ${quoteIdentifier(name)}`;
    const isDeferred = mode.endsWith('DEFERRED') ? 'condeferred' : 'NOT condeferred';
    return [
      {
        up: [
          call('sql', {
            up: `ALTER TABLE ${of} ${alter} ${mode}`,
            down: `ALTER TABLE IF EXISTS ${of} ${alter} NOT DEFERRABLE`,
            unless:
              `SELECT FROM pg_constraint WHERE conrelid = to_regclass(${quoteLiteral(of)}) ` +
              `AND conname = ${quoteLiteral(name)} AND condeferrable AND ${isDeferred}`,
          }),
        ],
        notes: [],
      },
    ];
  });
}

/** The foreign keys of single columns that some statements add. */
function addedKeys(calls: readonly Call[]): { table: string; column: string; name: string }[] {
  const changes = changesWithAnyValue(calls);
  const inColumns = changes
    .filter(({ kind }) => kind === 'createTable' || kind === 'addColumn')
    .flatMap(columnsOf)
    .filter(({ attributes }) => attributes.references)
    .map(({ table, column }) => ({ table, column, name: foreignKeyName(table, column) }));
  const alone = changes
    .filter(({ kind }) => kind === 'addConstraint')
    .map(forwardOf)
    .filter(isForeignKey)
    .map(({ table, fields, name }) => ({ table, column: fields.join(), name }));
  return [...inColumns, ...alone];
}
