import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import typescript from 'typescript-eslint';

/**
 * Who may import whom in backend/src. A room may import itself, the rooms and the packages listed here, and
 * Node's own modules where `node` says so. Everything else is an error.
 */
const rooms = {
  migrations: { rooms: ['schema'], packages: ['sequelize'], siblings: false },
  schema: { packages: ['sequelize'], node: ['crypto', 'path', 'timers/promises'] },
  models: { packages: ['sequelize', 'sequelize/types/utils'] },
  seeders: { packages: ['sequelize'], siblings: false },
  embedded: { packages: ['pg'], node: true },
  config: {
    rooms: ['embedded'],
    packages: ['dotenv', 'pg', 'pg-connection-string', 'sequelize'],
    node: true,
  },
  cli: {
    rooms: ['schema', 'models', 'config', 'embedded'],
    packages: ['sequelize', 'pg', 'fastest-levenshtein', 'cli-progress'],
    node: true,
  },
  testing: { rooms: ['schema', 'config', 'embedded', 'cli'], packages: ['pg'], node: true },
};

/** The rule for one room: a pattern that matches every import it may not have. */
function importRule(files, { rooms: others = [], packages = [], node = [], siblings = true }) {
  const nodeModules = node === true ? '.*' : `(${node.join('|')})$`;
  const allowed = [
    ...packages.map((name) => `${name}$`),
    ...others.map((name) => `(\\.\\./)+${name}(/|$)`),
    ...(siblings ? ['\\./', `\\.\\./(?!${Object.keys(rooms).join('|')})\\w`] : []),
    ...(node === true || node.length > 0 ? [`node:${nodeModules}`] : []),
  ];
  return {
    files: [`backend/src/${files}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!${allowed.join('|')})`,
              message: `backend/src/${files} may not import this: see the list of rooms in eslint.config.mjs.`,
            },
          ],
        },
      ],
    },
  };
}

export default defineConfig([
  { ignores: ['backend/dist/', 'backend/.postgres/', 'backend/.versions/', 'backend/.dist-*/'] },
  js.configs.recommended,
  {
    // Without the rules that need types, which take as long over the tests as over the sources: what they would
    // find there is an expectation that nobody awaits, and jest's own rules find that.
    files: ['backend/test/**/*.ts', 'backend/bench/**/*.ts', 'jest.config.ts'],
    extends: [typescript.configs.strict, typescript.configs.stylistic],
    plugins: { jest },
    rules: {
      ...jest.configs['flat/recommended'].rules,
      'jest/no-conditional-expect': 'off',
      'jest/no-standalone-expect': 'off',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'fc.assert', 'thereAndBack'] }],
      'max-lines': ['error', { max: 250 }],
    },
  },
  {
    files: ['backend/src/**/*.ts'],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: './backend/src/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
    },
  },
  {
    // The environment has one reader, config/database.ts; cli/preflight.ts sets what --env and --url say, and
    // cli/rerun.ts and testing/environment.ts hand it on.
    files: ['backend/src/**/*.ts'],
    ignores: ['config/database', 'cli/preflight', 'cli/rerun', 'testing/environment'].map(
      (file) => `backend/src/${file}.ts`,
    ),
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression',
          message:
            'Only backend/src/config/database.ts imports on demand: the rooms are checked by their imports.',
        },
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Only backend/src/config/database.ts reads the environment.',
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/.sequelizerc'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  ...Object.entries(rooms).map(([room, rule]) => importRule(`${room}/**/*.ts`, rule)),
  importRule('models/index.ts', { ...rooms.models, rooms: ['config'] }),
]);
