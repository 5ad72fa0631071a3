import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jest from 'eslint-plugin-jest';
import typescript from 'typescript-eslint';

// What may import what is in .dependency-cruiser.cjs.

const SOURCES = ['backend/src/**/*.ts', 'packages/*/src/**/*.ts'];

/** The modules that may look at the environment: they read settings, or hand a run on to another process. */
const READ_ENVIRONMENT = [
  'packages/sequelize-live-migrations/src/configuration/environment.ts',
  'packages/sequelize-live-migrations/src/configuration/typed-url.ts',
  'packages/sequelize-live-migrations/src/sequelize-cli/preflight.ts',
  'packages/sequelize-live-migrations/src/sequelize-cli/rerun.ts',
  'packages/sequelize-live-migrations/src/testing/environment.ts',
  'packages/checkout-postgres/src/settings.ts',
];

export default defineConfig([
  { ignores: ['**/dist/', '**/.dist-*/', 'backend/.postgres/', 'backend/.versions/'] },
  js.configs.recommended,
  {
    // Without the rules that need types, which take as long over the tests as over the sources: what they would
    // find there is an expectation that nobody awaits, and jest's own rules find that.
    files: ['backend/{test,bench}/**/*.ts', 'packages/*/{test,bench}/**/*.ts', 'jest.config.ts'],
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
    files: SOURCES,
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { project: './backend/src/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // Here and not in the compiler, which would stop every command over an unused import.
      '@typescript-eslint/no-unused-vars': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
    },
  },
  {
    files: SOURCES,
    ignores: READ_ENVIRONMENT,
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Few modules read the environment: see READ_ENVIRONMENT in eslint.config.mjs.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,cjs}', '**/.sequelizerc'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
      },
    },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true }],
    },
  },
]);
