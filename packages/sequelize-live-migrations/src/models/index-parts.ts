import { literal } from 'sequelize';
import type { Index } from '../catalog';
import { listIn, unquoted } from '../postgres';
import { type IndexField, type IndexOptions, nameOfIndex } from '../vocabulary';

/** An index as `addIndex` takes it. */
interface IndexArguments {
  readonly fields: readonly IndexField[];
  readonly options: IndexOptions;
}

/**
 * What `addIndex` takes to create an index as it is in a catalog; undefined where it has something that cannot be
 * declared, such as storage parameters.
 */
export function indexArguments(table: string, index: Index): IndexArguments | undefined {
  const { before, items, after } = listIn(index.definition);
  const [, method = ''] = /^(\w+) \($/.exec(before) ?? [];
  const known = /^(?: INCLUDE \(([^)]*)\))?(?: WHERE ([\s\S]*))?$/.exec(after);
  if (method === '' || known === null) return undefined;
  const [, included, predicate] = known;
  const fields = items.map(fieldOf);
  const include = included === undefined ? undefined : listIn(`(${included})`).items.map(unquoted);
  const hasDefaultName = nameOfIndex(table, fields, {}) === index.name;
  return {
    fields,
    options: {
      ...(hasDefaultName ? {} : { name: index.name }),
      ...(index.unique ? { unique: true } : {}),
      ...(method === 'btree' ? {} : { using: method }),
      ...(predicate === undefined ? {} : { where: literal(predicate) }),
      ...(include === undefined ? {} : { include }),
    },
  };
}

/** `name`, `"createdAt" DESC`, `lower(name)`, as `pg_get_indexdef` prints them. */
function fieldOf(printed: string): IndexField {
  const [, identifier = '', descending] = /^([a-z_][\w$]*|"(?:[^"]|"")+")( DESC)?$/.exec(printed) ?? [];
  if (identifier === '') return literal(printed);
  const name = unquoted(identifier);
  return descending === undefined ? name : { name, order: 'DESC' };
}

/** The columns of a constraint that PostgreSQL prints as `UNIQUE (name, "bornAt")`; undefined of one that says more. */
export function uniqueColumns(definition: string): string[] | undefined {
  const { before, items, after } = listIn(definition);
  return before === 'UNIQUE (' && after === '' ? items.map(unquoted) : undefined;
}
