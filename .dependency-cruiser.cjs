'use strict';

// What may import what. `npm run lint` looks, and backend/test/architecture.slow.test.ts shows what is let pass and what not.

const ENGINE = 'packages/sequelize-live-migrations/src';

/** The engine's modules in the order in which data goes through them: each may import only those before it. */
const MODULES = [
  'postgres',
  'place',
  'vocabulary',
  'catalog',
  'plan',
  'session',
  'run',
  'migration',
  'plain',
  'models',
  'configuration',
  'sequelize-cli',
  'generators',
  'commands',
  'testing',
  'generate',
];

/** The folders of `plan` in the same order. The files beside them put together what these have. */
const FOLDERS_OF_PLAN = [
  'draft',
  'recognised',
  'citus',
  'declared',
  'enums',
  'rename',
  'kept-aside',
  'rows',
  'indexes',
  'constraints',
  'overlap',
  'columns',
  'tables',
];

/** What nothing but itself may be imported from, except those that are named. */
const onlyFrom = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

const NODE_MODULES = 'node_modules/';
const packages = (...names) => names.map((name) => `${NODE_MODULES}(@types/)?${name}/`);

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Data flows one way; a circle, of types too, is two modules that are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment:
        'What is imported has to be there, and exported. The scripts at the top of a package load what is compiled.',
      severity: 'error',
      from: { pathNot: '^packages/[^/]+/(bin|sequelizerc)\\.js$' },
      to: { couldNotResolve: true },
    },
    {
      name: 'packages-know-no-application',
      comment: 'The packages are for any application.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^backend/' },
    },
    {
      name: 'packages-by-their-exports',
      comment: 'What a package exports is its promise; what else is in it may change.',
      severity: 'error',
      from: { path: '^(backend/src|packages/([^/]+)/src)/' },
      to: {
        path: '^packages/([^/]+)/(src|dist)/',
        pathNot: [
          '^packages/$2/src/',
          `^${ENGINE}/(index|configuration/index|testing/index)\\.ts$`,
          '^packages/checkout-postgres/src/index\\.ts$',
        ],
      },
    },
    {
      name: 'modules-by-their-index',
      comment: 'Of another module of the engine, only what its index exports.',
      severity: 'error',
      from: { path: `^${ENGINE}/([^/]+)/` },
      to: { path: `^${ENGINE}/([^/]+)/`, pathNot: [`^${ENGINE}/$1/`, `^${ENGINE}/[^/]+/index\\.ts$`] },
    },
    ...MODULES.map((module, n) => ({
      name: `${module}-imports-only-what-is-before-it`,
      comment: `The order is ${MODULES.join(', ')}.`,
      severity: 'error',
      from: { path: `^${ENGINE}/${module}/` },
      to: { path: `^${ENGINE}/(index\\.ts|(${MODULES.slice(n + 1).join('|') || 'none'})/)` },
    })),
    ...FOLDERS_OF_PLAN.map((folder, n) => ({
      name: `plan-${folder}-imports-only-what-is-before-it`,
      comment: `The order is ${FOLDERS_OF_PLAN.join(', ')}.`,
      severity: 'error',
      from: { path: `^${ENGINE}/plan/${folder}/` },
      to: { path: `^${ENGINE}/plan/([^/]+\\.ts|(${FOLDERS_OF_PLAN.slice(n + 1).join('|') || 'none'})/)` },
    })),
    onlyFrom(
      'migrations-are-frozen',
      '^backend/src/migrations/',
      [`^${ENGINE}/index\\.ts$`, ...packages('sequelize')],
      'A migration that has been released never changes, and everything else does: it imports Sequelize and the vocabulary.',
    ),
    onlyFrom('seeders-stand-alone', '^backend/src/seeders/', packages('sequelize'), 'Like migrations.'),
    onlyFrom(
      'models-need-no-configuration',
      '^backend/src/models/(?!index\\.ts)',
      ['^backend/src/models/', ...packages('sequelize')],
      'An application with a Sequelize instance of its own needs no configuration of ours.',
    ),
    onlyFrom(
      'pure-modules-do-no-io',
      `^${ENGINE}/(postgres|place|vocabulary|catalog|plan)/`,
      [`^${ENGINE}/`, ...packages('sequelize'), '^crypto$'],
      'They reach the server only through the functions that they are given.',
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/fixtures/', '/bench/plain/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['checkout-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
