import { serverMessageOf, SQLSTATE, sqlStateOf } from '../postgres';

/** How PostgreSQL's errors name the types and operator classes of extensions that columns and indexes often have. */
const EXTENSIONS = [
  ['citext', /type "citext/],
  ['hstore', /type "hstore/],
  ['ltree', /type "l(tree|query)/],
  ['postgis', /type "geo(metry|graphy)/],
  ['vector', /type "(vector|halfvec|sparsevec)|"vector_\w+_ops"/],
  ['pg_trgm', /"g(in|ist)_trgm_ops"/],
  ['btree_gin', /no default operator class for access method "gin"/],
  ['btree_gist', /no default operator class for access method "gist"/],
] as const;

/** What to write where a type or an operator class is not there that belongs to an extension; nothing otherwise. */
export function missingExtension(error: unknown): string {
  if (sqlStateOf(error) !== SQLSTATE.undefinedObject) return '';
  const message = serverMessageOf(error).toLowerCase();
  const found = EXTENSIONS.find(([, names]) => names.test(message));
  if (!found) return '';
  const [extension] = found;
  return (
    ` It belongs to the extension ${extension}, which this migration or an earlier one creates: ` +
    `schema.sql({ up: 'CREATE EXTENSION IF NOT EXISTS ${extension}', down: 'DROP EXTENSION IF EXISTS ${extension}' });`
  );
}
