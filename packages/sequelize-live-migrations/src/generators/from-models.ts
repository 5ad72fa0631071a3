import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { closest } from 'fastest-levenshtein';
import { type CommandLine, generatesMigration, type Project, UsageError } from '../sequelize-cli';

const BIN = path.resolve(__dirname, '../../bin.js');

/** The options of `migration:generate`: its own, and those of every command of sequelize-cli. */
const OWN = ['name', 'check', 'empty'];
const COMMON = [
  'env',
  'url',
  'config',
  'options-path',
  'migrations-path',
  'seeders-path',
  'models-path',
  'debug',
];

/**
 * Whether a command line generates a migration from the models of a project: `migration:generate`, unless it asks for the
 * template, or the project does not say where its models are.
 *
 * @throws UsageError for an option that is not known, since with one the less it would do something else
 */
export function isFromModels({ models }: Project, { name, options }: CommandLine): boolean {
  if (!generatesMigration(name)) return false;
  const unknown = options.find((option) => ![...OWN, ...COMMON].includes(option.name));
  if (unknown) throw unknownOption(unknown.name);
  const isEmpty = hasOption(options, 'empty');
  const isCheck = hasOption(options, 'check');
  if (isEmpty && isCheck)
    throw new UsageError('--empty and --check do not go together. Nothing was written.');
  if (models === undefined && isCheck) {
    throw new UsageError('The .sequelizerc does not say where the models are: models: "…".');
  }
  if (models === undefined && !isEmpty) {
    console.log('This is the template: the .sequelizerc does not say where the models are (models: "…").');
  }
  return models !== undefined && !isEmpty;
}

function hasOption(options: CommandLine['options'], name: string): boolean {
  return options.some((option) => option.name === name);
}

function unknownOption(name: string): UsageError {
  return new UsageError(
    `--${name} is no option of migration:generate. Nothing was written. Perhaps you mean --${closest(name, OWN)}.`,
  );
}

/**
 * Generates a migration in a process of its own, in place of this one, which cannot wait for a database: sequelize-cli
 * requires the `.sequelizerc` without waiting.
 */
export function generateFromModels({ root }: Project, { options }: CommandLine): never {
  const name = options.find((option) => option.name === 'name')?.value;
  const args = [
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...(hasOption(options, 'check') ? ['--check'] : []),
  ];
  const { status } = spawnSync(process.execPath, [BIN, 'generate', ...args], { cwd: root, stdio: 'inherit' });
  process.exit(status ?? 1);
}
