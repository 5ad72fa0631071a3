import fc from 'fast-check';
import { statementsIn } from '../../src/postgres';
import { messagesOf } from '../../src/run/execute/in-transaction';

// Citus takes one statement a message. PostgreSQL without it gets all of a transaction in one.

it.each<[string, string, string[]]>([
  ['none', ' ;\n; ', []],
  ['two', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
  [
    'strings',
    `SELECT 'a;b', E'it\\';s', 'it''s;' ; SELECT 2`,
    [`SELECT 'a;b', E'it\\';s', 'it''s;'`, 'SELECT 2'],
  ],
  ['identifiers', 'SELECT ";""" ; SELECT 2', ['SELECT ";"""', 'SELECT 2']],
  ['bodies', 'DO $a$ BEGIN; $$;$$ END $a$; DO $$ ; $$', ['DO $a$ BEGIN; $$;$$ END $a$', 'DO $$ ; $$']],
  ['comments', 'SELECT 1 -- one; two\n; /* a;b */ SELECT 2', ['SELECT 1 -- one; two', '/* a;b */ SELECT 2']],
  [
    'a comment, which a carriage return ends as well',
    'SELECT 1 -- ;\r; SELECT 2',
    ['SELECT 1 -- ;', 'SELECT 2'],
  ],
  ['a parameter is no body', 'SELECT $1; SELECT $1', ['SELECT $1', 'SELECT $1']],
  [
    'a function in SQL',
    'CREATE FUNCTION one() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END',
    ['CREATE FUNCTION one() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END'],
  ],
])('the statements of a text: %s', (_, text, statements) => {
  expect(statementsIn(text)).toEqual(statements);
});

it('what is put together is taken apart into the same', () => {
  const part = fc.constantFrom(`'a;''b'`, '";"', '$x$;$x$', '/* ; */', '1', 'word', `E'\\';'`);
  const statement = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 4 }), (statements) => {
      expect(statementsIn(statements.join(';\n'))).toEqual(statements);
    }),
    { seed: 13 },
  );
});

it('on plain PostgreSQL a transaction is one message; with Citus, each statement is one', () => {
  const statements = ['LOCK TABLE a', 'ALTER TABLE a RENAME TO b;\nCOMMENT ON TABLE b IS NULL', 'COMMIT'];
  expect(messagesOf(statements, {})).toEqual([statements.join(';\n')]);
  const citus = {
    tables: new Set<string>(),
    distributedBy: new Map<string, string>(),
    withLocalRows: new Set<string>(),
  };
  expect(messagesOf(statements, { citus })).toEqual([
    expect.stringMatching(/^SET LOCAL idle_in_transaction_session_timeout = \d+$/),
    'LOCK TABLE a',
    'ALTER TABLE a RENAME TO b',
    'COMMENT ON TABLE b IS NULL',
    'COMMIT',
  ]);
});
