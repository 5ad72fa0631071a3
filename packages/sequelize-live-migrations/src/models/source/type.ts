/**
 * A type as a migration declares it: under Sequelize's name where it has one for exactly this, otherwise under
 * PostgreSQL's, as text.
 */
export function typeSource(type: unknown): string {
  if (typeof type === 'string') return named(type) ?? stringSource(type);
  if (typeof type !== 'object' || type === null) throw new Error('A type cannot be written in a migration.');
  if ('type' in type) return `DataTypes.ARRAY(${typeSource(type.type)})`;
  const labels = 'values' in type && Array.isArray(type.values) ? type.values.map(String) : [];
  return `DataTypes.ENUM(${labels.map(stringSource).join(', ')})`;
}

/** `DataTypes.STRING(20)` for `character varying(20)`. Only what Sequelize writes as this very type. */
function named(type: string): string | undefined {
  if (type.endsWith('[]')) {
    const element = named(type.slice(0, -2));
    return element && `DataTypes.ARRAY(${element})`;
  }
  const known = NAMES[type];
  if (known !== undefined) return `DataTypes.${known}`;
  const [, name = '', args = ''] = /^(.*)\(([\d,]+)\)$/.exec(type) ?? [];
  const taking = WITH_ARGUMENTS[name];
  return taking && `DataTypes.${taking}(${args.replace(',', ', ')})`;
}

const NAMES: Readonly<Record<string, string>> = {
  'character varying(255)': 'STRING',
  text: 'TEXT',
  citext: 'CITEXT',
  tsvector: 'TSVECTOR',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'REAL',
  'double precision': 'DOUBLE',
  numeric: 'DECIMAL',
  boolean: 'BOOLEAN',
  'timestamp with time zone': 'DATE',
  date: 'DATEONLY',
  'time without time zone': 'TIME',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSONB',
  bytea: 'BLOB',
  hstore: 'HSTORE',
  inet: 'INET',
  cidr: 'CIDR',
  macaddr: 'MACADDR',
  int4range: 'RANGE(DataTypes.INTEGER)',
  int8range: 'RANGE(DataTypes.BIGINT)',
  numrange: 'RANGE(DataTypes.DECIMAL)',
  tstzrange: 'RANGE(DataTypes.DATE)',
  daterange: 'RANGE(DataTypes.DATEONLY)',
};

const WITH_ARGUMENTS: Readonly<Record<string, string>> = {
  'character varying': 'STRING',
  character: 'CHAR',
  numeric: 'DECIMAL',
};

/** A text in single quotes, or in double ones where that spares a backslash. */
export function stringSource(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  if (text.includes("'") && !text.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
