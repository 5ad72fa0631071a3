import { withLabelRenamed } from '../../src/postgres';

const rename = { column: 'kind', from: 'cat', to: "tom's" };
const NEW = "'tom''s'";

it.each([
  [`kind = 'cat'`, `kind = ${NEW}`],
  [`"kind" <> 'cat' AND pets.kind != 'cat'`, `"kind" <> ${NEW} AND pets.kind != ${NEW}`],
  [
    `'cat' = kind OR 'cat'::enum_pets_kind <> pets."kind"`,
    `${NEW} = kind OR ${NEW}::enum_pets_kind <> pets."kind"`,
  ],
  [`name = 'cat' OR kind = 'dog'`, undefined],
  [`kind = 'dog' AND name = 'cat'`, undefined],
  [`kind = 'dog' OR 'cat' = name`, undefined],
  [`kind = 'dog' OR 'cat' = ANY (names)`, undefined],
  [`kind IN ('dog', 'cat') AND name IN ('cat')`, `kind IN ('dog', ${NEW}) AND name IN ('cat')`],
  [
    `kind NOT IN ('dog'::enum_pets_kind, 'cat'::enum_pets_kind)`,
    `kind NOT IN ('dog'::enum_pets_kind, ${NEW}::enum_pets_kind)`,
  ],
  [
    `kind = ANY (ARRAY['dog', 'cat']::enum_pets_kind[])`,
    `kind = ANY (ARRAY['dog', ${NEW}]::enum_pets_kind[])`,
  ],
  [`kind IS DISTINCT FROM 'cat'`, `kind IS DISTINCT FROM ${NEW}`],
  [`kind::text = 'cat'`, `kind::text = ${NEW}`],
  [`kind = enum_pets_kind 'cat'`, `kind = enum_pets_kind ${NEW}`],
  [`kind = CAST('cat' AS enum_pets_kind)`, `kind = CAST(${NEW} AS enum_pets_kind)`],
  [`coalesce(kind, 'cat') = 'cat'`, `coalesce(kind, ${NEW}) = ${NEW}`],
  [
    `CASE kind WHEN 'dog' THEN 'cat' WHEN 'cat' THEN 'cat' END`,
    `CASE kind WHEN 'dog' THEN 'cat' WHEN ${NEW} THEN 'cat' END`,
  ],
  [
    `CASE WHEN kind = 'cat' THEN 1 WHEN 'cat' = name THEN 2 END`,
    `CASE WHEN kind = ${NEW} THEN 1 WHEN 'cat' = name THEN 2 END`,
  ],
  [`kind = 'Cat' OR kind = 'cats' OR kind = E'cat' OR Kind = 'dog' -- 'cat'`, undefined],
  [`'cat'`, undefined],
])('in the condition %s a label has another name', (sql, renamed = sql) => {
  expect(withLabelRenamed(sql, rename, false)).toBe(renamed);
});

it.each([
  [`'cat'`, NEW],
  [`('cat')::enum_pets_kind`, `(${NEW})::enum_pets_kind`],
  [`enum_pets_kind 'cat'`, `enum_pets_kind ${NEW}`],
  [`CAST('cat' AS enum_pets_kind)`, `CAST(${NEW} AS enum_pets_kind)`],
  [`ARRAY['cat']::enum_pets_kind[]`, `ARRAY[${NEW}]::enum_pets_kind[]`],
  [`CASE WHEN name = 'cat' THEN 'cat' ELSE 'dog' END`, `CASE WHEN name = 'cat' THEN ${NEW} ELSE 'dog' END`],
  [`CASE name WHEN 'cat' THEN 'dog' ELSE 'cat' END`, `CASE name WHEN 'cat' THEN 'dog' ELSE ${NEW} END`],
  [`coalesce(NULL, 'cat')`, `coalesce(NULL, ${NEW})`],
])('in %s, which is a value of the column itself, it has it as well', (sql, renamed) => {
  expect(withLabelRenamed(sql, rename, true)).toBe(renamed);
});

it('has it in the text of an array, unless quotation marks would have to be put around it', () => {
  expect(withLabelRenamed(`'{dog,cat}'`, { ...rename, to: 'tomcat' }, true)).toBe(`'{dog,tomcat}'`);
  expect(withLabelRenamed(`'{dog,cat}'`, { ...rename, to: 'tom cat' }, true)).toBe(`'{dog,cat}'`);
});
