import path from 'node:path';
import { parseArgs } from 'node:util';
import { changesLog, type Command } from './command';
import { UsageError } from './errors';
import { migrationMeantBy } from './migration-names';
import type { Project } from './project';

/** An option as it was typed. */
interface Option {
  readonly name: string;
  readonly value: string | undefined;
  /** Its place among the arguments, and how many of them it consists of. */
  readonly index: number;
  readonly words: 1 | 2;
}

/** A command line of sequelize-cli, as far as preflight needs it. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly name: string;
  /** What was typed after the name and belongs to no option. */
  readonly others: readonly string[];
  readonly options: readonly Option[];
  readonly environment: string | undefined;
  readonly url: string | undefined;
}

/** The options that name a folder in place of the one in `.sequelizerc`, in both notations. */
export const FOLDERS: Readonly<Record<string, 'migrations' | 'seeders'>> = {
  'migrations-path': 'migrations',
  migrationsPath: 'migrations',
  'seeders-path': 'seeders',
  seedersPath: 'seeders',
};

/** The options of sequelize-cli that have a value. */
const WITH_VALUE: readonly string[] = [
  ...['env', 'to', 'from', 'name', 'seed', 'url', 'config', ...Object.keys(FOLDERS)],
  ...['models-path', 'modelsPath', 'options-path', 'optionsPath', 'attributes'],
];

/** @throws UsageError for `--url` without a value */
export function parse(args: readonly string[]): CommandLine {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(WITH_VALUE.map((name) => [name, { type: 'string' }])),
  });
  const options = tokens.flatMap((token): Option[] => {
    if (token.kind !== 'option') return [];
    const { name, index, inlineValue } = token;
    // In `--to --debug`, --to has no value.
    const value = inlineValue || !token.value?.startsWith('-') ? token.value : undefined;
    return [{ name, value, index, words: inlineValue || value === undefined ? 1 : 2 }];
  });
  const optionNamed = (optionName: string) => options.find(({ name }) => name === optionName);
  const url = optionNamed('url');
  if (url && !url.value) throw new UsageError('--url needs a connection URL.');
  return {
    args,
    name: positionals[0] ?? '',
    others: positionals.slice(1),
    options,
    environment: optionNamed('env')?.value,
    url: url?.value,
  };
}

/** The commands that begin with `db:migrate`, whose second half may have been typed as a word of its own. */
const HALVES = ['status', 'undo', 'undo:all', 'all', 'schema:timestamps:add'];

/** The options that name a migration. sequelize-cli passes them over in these commands, which are about all migrations. */
const OF_MIGRATIONS = ['to', 'from', 'name'];
const ABOUT_ALL = /^db:migrate:(status|schema:timestamps:add)$/;

/**
 * Says of a name that was typed without its option what to type. sequelize-cli refuses it as well, below its help.
 *
 * @throws UsageError for anything after a command of migrations that belongs to no option, or for an option that it passes over
 */
export function assertNothingElse({ name, others, options }: CommandLine): void {
  const extra = options.find((option) => OF_MIGRATIONS.includes(option.name));
  if (extra !== undefined && ABOUT_ALL.test(name)) {
    throw new UsageError(
      `${name} is about all migrations, and takes no --${extra.name}. Nothing was changed. ` +
        `Type: npx sequelize-cli ${name}`,
    );
  }
  const [other] = others;
  if (other === undefined || !/^db:migrate(:|$)/.test(name)) return;
  const line = HALVES.includes(other) ? `${name}:${other}` : `${name} --to ${other}`;
  const meant = name === 'db:migrate:status' ? '' : ` Perhaps you mean: npx sequelize-cli ${line}`;
  throw new UsageError(`Unexpected argument ${other}. Nothing was changed.${meant}`);
}

/**
 * The command, and the command line to give sequelize-cli: without `--url`, with the names of migrations as they are in
 * the migration log, with the folder of what is compiled, and with `--name` for the `--to` of `db:migrate:undo --to NAME`,
 * which undoes NAME and only NAME.
 *
 * @throws UsageError for the name of a migration that is missing or does not exist
 */
export function correct({ args, name: commandName, options }: CommandLine, project: Project) {
  const corrected = [...args];
  const migrations: Record<string, string> = {};
  const namesMigrations = changesLog({ name: commandName, migrations });
  // From the last to the first, because each may change how many words there are before the next.
  for (const { name, value, index, words } of [...options].reverse()) {
    if (name === 'url') {
      corrected.splice(index, words);
    } else if (name in FOLDERS) {
      // The folder of the sources may have been typed, or the notation that sequelize-cli does not know.
      const kind = FOLDERS[name] ?? 'migrations';
      const [option, folder] = [`${kind}-path`, project[kind]?.compiled ?? ''];
      if (name !== option || path.resolve(value ?? '') !== folder)
        corrected.splice(index, words, `--${option}`, folder);
    } else if (namesMigrations && OF_MIGRATIONS.includes(name)) {
      if (name === 'to' && value === '0' && commandName === 'db:migrate:undo:all') continue; // means all migrations
      const meantOption = commandName === 'db:migrate:undo' && name === 'to' ? 'name' : name;
      if (migrations[meantOption] !== undefined)
        throw new UsageError(`--${name} is given twice. Nothing was changed.`);
      const migration = migrationMeantBy(project, name, value);
      migrations[meantOption] = migration;
      if (meantOption !== name || migration !== value)
        corrected.splice(index, words, `--${meantOption}`, migration);
    }
  }
  const command: Command = { name: commandName, migrations };
  return { command, corrected };
}
