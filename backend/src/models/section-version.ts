import { literal, type Model, type ModelStatic } from 'sequelize';

// Sequelize's `version` option counts the `save` and `update` of an instance. The static `update`, `upsert`, and
// `bulkCreate` with `updateOnDuplicate` write without counting: after one of them, a stale save would find the version
// that it has read, and overwrite what they wrote.

/** Makes the static `update` and `bulkCreate` of a model increase `version` in every row that they write. */
export function countBulkWrites(model: ModelStatic<Model>): void {
  model.addHook('beforeBulkUpdate', (options: BulkWrite) => {
    options.fields = withVersion(options.fields);
    options.attributes = { ...options.attributes, version: literal('"version" + 1') };
  });
  model.addHook('beforeBulkCreate', (rows: Model[], options: BulkWrite) => {
    if (!options.updateOnDuplicate) return;
    options.updateOnDuplicate = withVersion(options.updateOnDuplicate);
    options.fields = withVersion(options.fields);
    for (const row of rows) Object.assign(row.dataValues, { version: versionAfterUpsert(row.get('id')) });
  });
}

/** What Sequelize 6 passes to the two hooks; its type declarations leave `attributes` out. */
interface BulkWrite {
  fields?: PropertyKey[];
  updateOnDuplicate?: PropertyKey[];
  attributes?: Record<string, unknown>;
}

/**
 * The value of `version` for a row that is inserted, or updated where its id exists: an expression, because only the
 * database has the current version. It locks the row that it reads, so that two writes at once count as two.
 */
export function versionAfterUpsert(id: unknown) {
  if (id === undefined || id === null) return literal('1');
  if (typeof id !== 'number' && typeof id !== 'string')
    throw new TypeError('The id of a section is a number.');
  const key = String(BigInt(id)); // it may be text, as in Sequelize; BigInt lets nothing but a number into the SQL
  return literal(`COALESCE((SELECT "version" + 1 FROM "sections" WHERE "id" = ${key} FOR UPDATE), 1)`);
}

function withVersion(fields: readonly PropertyKey[] = []): PropertyKey[] {
  return [...new Set([...fields, 'version'])];
}
