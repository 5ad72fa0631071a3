import { columnNamed, enumTypeOf } from '../../catalog';
import { quoteIdentifier, quoteLiteral } from '../../postgres';
import type { RenameEnumValue } from '../../vocabulary';
import type { Draft } from '../draft/draft';

/**
 * Renames a label of the enum type of a column at once. No row is touched, and no table locked: a row has the number of its
 * label. Where the label has the new name already, or an undo has removed the column before it was cut short, there is nothing
 * to do.
 */
export async function planRenameEnumValue(draft: Draft, change: RenameEnumValue): Promise<void> {
  const { table, column, from, to } = change;
  const inTable = await draft.tableToRenameIn(table);
  const found = inTable && columnNamed(inTable, column);
  if (!found && draft.run.direction === 'down') return;
  const type = found && enumTypeOf(await draft.catalog(), found);
  if (!type) {
    draft.refuse({
      what: `column ${table}.${column}`,
      expected: 'a column of an enum type',
      found: found ? `type ${found.type}` : 'no such column',
    });
    return;
  }
  const [old, renamed] = [from, to].map((label) => type.labels.includes(label));
  if (!old && renamed) return;
  if (!old || renamed) {
    draft.refuse({
      what: `enum type ${type.name}`,
      expected: `the label ${from}, and not ${to}`,
      found: type.labels.join(', '),
    });
    return;
  }
  const step = {
    purpose: `rename ${from} of enum type ${type.name} to ${to}`,
    sql: `ALTER TYPE ${quoteIdentifier(type.name)} RENAME VALUE ${quoteLiteral(from)} TO ${quoteLiteral(to)}`,
  };
  draft.addRenamedLabel(step, type.name, from, to);
  draft.notice(
    `${from} of enum type ${type.name} is ${to} now: the release of the application that names it ${from} cannot write it ` +
      'any more, and reads the new name',
  );
}
