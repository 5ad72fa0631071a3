import type { Catalog, Column, ForeignKey, Table } from '../catalog';

/** An entity-relationship diagram of tables, as text for Mermaid (its "Entity Relationship Diagrams"). */
export function mermaidDiagram({ tables, enums }: Catalog): string {
  const sorted = [...tables.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return [
    'erDiagram',
    ...sorted.flatMap((table) => table.foreignKeys.map((key) => relationship(table, key))),
    ...sorted.flatMap((table) => [
      `  ${table.name} {`,
      ...table.columns.map((column) => `    ${attribute(table, column, enums)}`),
      '  }',
    ]),
  ].join('\n');
}

/** `pets ||--o{ toys : "pet_id, on delete cascade"` */
function relationship({ name }: Table, { columns, references, onDelete }: ForeignKey): string {
  return `  ${references.table} ||--o{ ${name} : "${columns.join(', ')}, on delete ${onDelete.toLowerCase()}"`;
}

/** `uuid session_id PK "not null"` */
function attribute(table: Table, column: Column, enums: Catalog['enums']): string {
  const { name, type, notNull, serial } = column;
  const keys = [
    ...(table.primaryKey?.columns.includes(name) ? ['PK'] : []),
    ...(table.foreignKeys.some(({ columns }) => columns.includes(name)) ? ['FK'] : []),
  ];
  const labels = enums.get(type)?.labels;
  const notes = [
    ...(labels ? [labels.join(', ')] : []),
    ...(notNull ? ['not null'] : []),
    ...(column.default !== null && !serial ? [`default ${literalOf(column.default)}`] : []),
  ];
  const shown = labels
    ? 'enum'
    : serial
      ? 'serial'
      : (SHORT[type] ?? type).replace('character varying', 'varchar');
  const parts = [shown, name, keys.join(', '), notes.length > 0 ? `"${notes.join('; ')}"` : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** The usual names. Mermaid accepts no space in a type. */
const SHORT: Readonly<Record<string, string>> = { 'timestamp with time zone': 'timestamptz' };

/** `active` for `'active'::enum_pets_kind`; Mermaid accepts neither quotes nor braces in a note. */
function literalOf(expression: string): string {
  const plain = expression.replace(/::[\w ."]+$/, '').replace(/^'(.*)'$/, '$1');
  return /["{}]/.test(plain) ? 'a JSON object' : plain;
}
