import { withEnum, withoutEnum } from '../catalog';
import { createEnumSql } from '../ddl';
import type { Inspection } from '../inspect';
import type { ColumnAttributes } from '../intents';
import { enumNameOf, quoteIdentifier } from '../names';
import { refuseDifferences, stated, type Step } from './step';

/** The step that makes the enum type of a column, where the column has one that is not there yet. */
export function createMissingEnum(
  inspection: Inspection,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): Step[] {
  const name = enumNameOf(table, column, attributes);
  if (!name) return [];
  const wanted = stated(inspection.wanted.enums.get(name), `type ${name}`);
  const found = inspection.live.enums.get(name);
  if (!found) {
    const created = { ...wanted, usedBy: [`${table}.${column}`] };
    return [
      { purpose: `create type ${name}`, sql: createEnumSql(wanted), effect: (c) => withEnum(c, created) },
    ];
  }
  const [expected, actual] = [wanted.labels.join(', '), found.labels.join(', ')];
  refuseDifferences(
    inspection,
    expected === actual ? [] : [{ what: `enum type ${name}`, expected, found: actual }],
  );
  return [];
}

/** The step that drops the enum type of a column that goes, where no other column uses it. */
export function dropUnusedEnum(
  inspection: Inspection,
  table: string,
  column: string,
  attributes: ColumnAttributes,
): Step[] {
  const name = enumNameOf(table, column, attributes);
  const type = name && inspection.live.enums.get(name);
  if (!type || type.usedBy.some((use) => use !== `${table}.${column}`)) return [];
  return [
    {
      purpose: `drop type ${type.name}`,
      sql: `DROP TYPE ${quoteIdentifier(type.name)}`,
      effect: (catalog) => withoutEnum(catalog, type.name),
    },
  ];
}
