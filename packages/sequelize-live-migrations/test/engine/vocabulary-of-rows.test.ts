import { DataTypes, fn, literal, Op } from 'sequelize';
import { migration } from '../../src/migration';
import { declare } from '../support/declare';

// What is said of rows and is not known, or is no such thing, is refused by its name when the migration is loaded.

it.each<[string, ReturnType<typeof declare>, RegExp]>([
  [
    'an option of an update',
    declare('bulkUpdate', 'pets', { age: 1 }, {}, { returning: true }),
    /\{"returning":true\} is not known/,
  ],
  [
    'an option of a deletion',
    declare('bulkDelete', 'pets', { age: 1 }, { limit: 1 }),
    /\{"limit":1\} is not known/,
  ],
  [
    'an option of an insertion',
    declare('bulkInsert', 'pets', [{ id: 1 }], { ignoreDuplicates: true }),
    /\{"ignoreDuplicates":true\} is not known/,
  ],
  [
    'no condition',
    declare('bulkUpdate', 'pets', { age: 1 }),
    /bulkUpdate of pets: which rows\? For all .* literal\('true'\)/,
  ],
  ['none of what is deleted', declare('bulkDelete', 'pets'), /bulkDelete of pets: which rows\?/],
  [
    'an empty condition',
    declare('bulkUpdate', 'pets', { age: 1 }, {}),
    /where is a condition with all its values/,
  ],
  [
    'one that says nothing',
    declare('bulkUpdate', 'pets', { age: 1 }, { [Op.and]: [] }),
    /where is a condition with all its values/,
  ],
  [
    'an undefined one',
    declare('bulkDelete', 'pets', { id: undefined }),
    /where is a condition with all its values/,
  ],
  ['one as text', declare('bulkDelete', 'pets', 'id = 1'), /where is a condition with all its values/],
  ['no values', declare('bulkUpdate', 'pets', {}, { age: 1 }), /values by their columns are expected/],
  [
    'an operator for a column',
    declare('bulkUpdate', 'pets', { [Op.eq]: 1, a: 1 }, { id: 1 }),
    /values by their columns/,
  ],
  ['values as SQL', declare('bulkUpdate', 'pets', literal('a = 1'), { age: 1 }), /values by their columns/],
  ['an undefined value', declare('bulkUpdate', 'pets', { age: undefined }, { id: 1 }), /age has no value/],
  [
    'one in JSON',
    declare('bulkUpdate', 'pets', { tags: { a: [undefined] } }, { id: 1 }),
    /tags has no value/,
  ],
  ['no date', declare('bulkUpdate', 'pets', { at: new Date('x') }, { id: 1 }), /at has no value/],
  ['a type for a value', declare('bulkUpdate', 'pets', { at: DataTypes.NOW }, { id: 1 }), /at has no value/],
  ['a $ in fn()', declare('bulkUpdate', 'pets', { name: fn('lower', '$') }, { id: 1 }), /writes a \$ twice/],
  ['a long column', declare('bulkUpdate', 'pets', { ['é'.repeat(32)]: 1 }, { id: 1 }), /may be, 63 bytes/],
  ['no table', declare('bulkInsert', '', [{ id: 1 }]), /a name is expected, and not ""/],
  ['no rows', declare('bulkInsert', 'pets', []), /rows are expected, \[\{ id: 1, … \}\], or a query/],
  ['one row', declare('bulkInsert', 'pets', { id: 1 }), /rows are expected/],
  ['no row', declare('bulkInsert', 'pets', [{ id: 1 }, null]), /row 2: values by their columns are expected/],
  [
    'other columns',
    declare('bulkInsert', 'pets', [{ a: 1, b: 2 }, { b: 1 }]),
    /row 2 has the columns b, and the first one has a, b/,
  ],
  ['an undefined value in a row', declare('bulkInsert', 'pets', [{ a: undefined }]), /row 1: a has no value/],
  ['no query', declare('bulkInsert', 'pets', literal(' ')), /statements are expected as text/],
])('%s', (_, up, message) => {
  const declared = () => migration('one.js', { up });
  expect(declared).toThrow(message);
  expect(declared).toThrow(/^one\.js: /);
});
