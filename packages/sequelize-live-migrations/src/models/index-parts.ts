import { literal } from 'sequelize';
import type { Index } from '../catalog';
import { type IndexField, type IndexOptions, nameOfIndex } from '../vocabulary';

/** An index as `addIndex` takes it. */
export interface IndexArguments {
  readonly fields: readonly IndexField[];
  readonly options: IndexOptions;
}

/**
 * What `addIndex` takes to create an index as it is in a catalog; undefined where it has something that cannot be
 * declared, such as storage parameters.
 */
export function indexArguments(table: string, index: Index): IndexArguments | undefined {
  const [, method = '', list = ''] = /^(\w+) \(([\s\S]*)$/.exec(index.definition) ?? [];
  const { parts, rest } = splitList(list);
  const known = /^(?: INCLUDE \(([^)]*)\))?(?: WHERE ([\s\S]*))?$/.exec(rest);
  if (method === '' || known === null) return undefined;
  const [, included, predicate] = known;
  const fields = parts.map(fieldOf);
  const include = included === undefined ? undefined : splitList(`${included})`).parts.map(unquoted);
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
  const [, list] = /^UNIQUE \(([\s\S]*)$/.exec(definition) ?? [];
  if (list === undefined) return undefined;
  const { parts, rest } = splitList(list);
  return rest === '' ? parts.map(unquoted) : undefined;
}

function unquoted(identifier: string): string {
  return identifier.replace(/^"([\s\S]*)"$/, '$1').replaceAll('""', '"');
}

/** What is between commas, up to the parenthesis that ends the list, and what is after that. */
function splitList(text: string): { parts: string[]; rest: string } {
  const parts: string[] = [];
  let [depth, part, at] = [0, '', 0];
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g)) {
    at += token.length;
    if (depth === 0 && (token === ',' || token === ')')) {
      parts.push(part.trim());
      part = '';
      if (token === ')') break;
      continue;
    }
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    part += token;
  }
  return { parts, rest: text.slice(at) };
}
