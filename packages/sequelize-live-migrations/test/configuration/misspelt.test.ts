import { migrationWaitMs } from '../../src/configuration';
import { misspelt } from '../../src/configuration/misspelt';

const OURS = [
  'DATABASE_URL',
  'TEST_DATABASE_URL',
  'MIGRATION_WAIT',
  'MIGRATION_LOCK_WAIT',
  'DB_NAME',
  'DB_USER',
];

it.each([
  ['DATABSE_URL', 'DATABASE_URL'],
  ['DATABASE_ULR', 'DATABASE_URL'],
  ['TEST_DATABASE_UR', 'TEST_DATABASE_URL'],
  ['MIGRATION_LOCK_WIAT', 'MIGRATION_LOCK_WAIT'],
  ['MIGRATIONS_WAIT', 'MIGRATION_WAIT'],
  ['DB_NAM', 'DB_NAME'],
])('%s is taken for a misspelt %s', (typed, meant) => {
  expect(misspelt(['PATH', typed], OURS)).toEqual([{ typed, meant }]);
  expect(misspelt(['PATH', typed, meant], OURS)).toEqual([]);
});

it.each([
  'DATABASE_HOST',
  'DATABASE_URI',
  'DATABASE_URLS',
  'DATABASE_URL2',
  'DATABASE_URL_2',
  'DB_NAMES',
  'DB_USER2',
  'DB_URL',
  'DB_DIALECT',
  'DB_SSL',
  'DB_POOL',
  'MIGRATION_DIR',
  'TEST_DB_URL',
  'USER',
  'HOME',
])('%s may be something else’s', (name) => {
  expect(misspelt([name], OURS)).toEqual([]);
});

it('a limit that is misspelt is no limit that is passed over', () => {
  process.env['MIGRATION_LOCK_WIAT'] = '3';
  try {
    expect(migrationWaitMs).toThrow(
      'MIGRATION_LOCK_WIAT is set, and is not read; perhaps you mean MIGRATION_LOCK_WAIT. Nothing was done. ' +
        'Correct it, or run the command without it: env -u MIGRATION_LOCK_WIAT …',
    );
  } finally {
    delete process.env['MIGRATION_LOCK_WIAT'];
  }
});
