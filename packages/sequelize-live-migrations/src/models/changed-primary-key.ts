import { quoteIdentifier, quoteIdentifiers } from '../postgres';
import type { Both } from './column-attributes';
import type { Proposal } from './call';

/** Says where the models declare another primary key. No word changes one: foreign keys and replication depend on it. */
export function changedPrimaryKey({ found: { table }, desired }: Both): Proposal[] {
  const [was, is] = [table.primaryKey?.columns ?? [], desired.table.primaryKey?.columns ?? []];
  if (was.join() === is.join()) return [];
  const inWords = (columns: readonly string[]) => (columns.length > 0 ? `(${columns.join(', ')})` : 'none');
  const constraint = quoteIdentifier(table.primaryKey?.name ?? desired.table.primaryKey?.name ?? '');
  const actions = [
    ...(was.length > 0 ? [`DROP CONSTRAINT ${constraint}`] : []),
    ...(is.length > 0 ? [`ADD CONSTRAINT ${constraint} PRIMARY KEY (${quoteIdentifiers(is)})`] : []),
  ];
  return [
    {
      up: [],
      notes: [
        `NOT WRITTEN: the primary key of ${table.name} is ${inWords(was)}, and the models declare ${inWords(is)}. Do it by hand, ` +
          `at a quiet hour: ALTER TABLE ${quoteIdentifier(table.name)} ${actions.join(', ')}; as a schema.sql it is in every database.`,
      ],
    },
  ];
}
