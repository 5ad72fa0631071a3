import fs from 'node:fs';
import path from 'node:path';
import { variable } from '../configuration';
import { type CommandLine, migrationNames, type Project, UsageError } from '../sequelize-cli';
import { configSource, modelsIndexSource, type Configuration } from './init-templates';
import { isCompiled, moduleKindOf } from './language';

/** What a command is to make: a file with a text, a folder without one; or why it makes neither. */
type Wanted = { readonly target: string; readonly text?: string } | { readonly why: string };

/** @param isWhole whether all of them are to be made */
const PARTS: Readonly<Record<string, (project: Project, isWhole: boolean) => Wanted>> = {
  config: wantedConfig,
  models: wantedModels,
  migrations: ({ migrations }) => ({ target: migrations.sources }),
  seeders: wantedSeeders,
};

/** The options that change nothing of what is written. */
const HARMLESS = ['env', 'debug'];

/**
 * `init`, `init:config`, `init:models`, `init:migrations` and `init:seeders`, in place of sequelize-cli's own: those write
 * a configuration for MySQL, also where `.sequelizerc` names another one, and with `--force` delete what is there.
 *
 * @returns whether the command was one of them, and is done
 * @throws UsageError for an option that would write elsewhere or over something, and where there is nothing to write
 */
export function init(project: Project, { name, options }: CommandLine): boolean {
  const [isInit, only] = /^init(?::(\w+))?$/.exec(name) ?? [];
  const parts = Object.entries(PARTS).filter(([part]) => only === undefined || part === only);
  if (isInit === undefined || parts.length === 0) return false;
  const option = options.find((one) => !HARMLESS.includes(one.name));
  if (option) throw unexpected(name, option.name);
  const wanted = parts.map(([, wantedOf]) => wantedOf(project, only === undefined));
  const isMissing = (one: Wanted) => 'target' in one && !fs.existsSync(one.target);
  const found = wanted.map((one) => lineFor(project, one)).join(' ');
  if (!wanted.some(isMissing))
    throw new UsageError(`${name}: this project is set up already. Nothing was written. ${found}`);
  for (const one of wanted) {
    const line = lineFor(project, one); // before it is there
    if (isMissing(one)) make(one);
    console.log(line);
  }
  console.log(nextSteps(project));
  return true;
}

function lineFor(project: Project, wanted: Wanted): string {
  if ('why' in wanted) return wanted.why;
  const shown = path.relative(project.root, wanted.target).replaceAll('\\', '/');
  if (fs.existsSync(wanted.target)) return `${shown} is there already.`;
  return `New ${wanted.text === undefined ? 'folder' : 'file'}: ${shown}`;
}

function make(wanted: Wanted): void {
  if ('why' in wanted) return;
  const { target, text } = wanted;
  fs.mkdirSync(text === undefined ? target : path.dirname(target), { recursive: true });
  if (text !== undefined) fs.writeFileSync(target, text, { flag: 'wx' }); // fails where the file exists
}

function unexpected(command: string, option: string): UsageError {
  const why =
    option === 'force' ? 'nothing is overwritten or deleted' : 'what it writes is where .sequelizerc has it';
  return new UsageError(`${command} takes no --${option}: ${why}. Nothing was written.`);
}

function wantedConfig(project: Project): Wanted {
  const { root, config } = project;
  if (config !== undefined && fs.existsSync(config)) return { target: config };
  if (isCompiled(project)) return { why: byHand('The config module') };
  if (config === undefined && isInFields())
    return {
      why: 'The environment names the database, with DB_NAME and the like: no configuration is written.',
    };
  const target = config ?? defaultConfig(root);
  if (target.endsWith('.json')) return { target, text: configSource('json') };
  return { target, text: configSource(moduleKindOf(target)) };
}

function defaultConfig(root: string): string {
  return path.join(root, 'config', 'config.json');
}

/** Whether the environment names the database, and not with a URL, which a configuration would name as well. */
function isInFields(): boolean {
  return !variable('DATABASE_URL') && variable('DB_NAME') !== undefined;
}

function byHand(what: string): string {
  return `${what} is written by hand in a project in TypeScript: see the README of sequelize-live-migrations.`;
}

function wantedSeeders({ root, seeders, migrations }: Project): Wanted {
  if (seeders) return { target: seeders.sources };
  if (isCompiled({ migrations }))
    return { why: 'The .sequelizerc names no folder of seeders (seeders: "…").' };
  return { target: path.join(root, 'seeders') };
}

function wantedModels(project: Project, isWhole: boolean): Wanted {
  const folder = project.models?.sources ?? path.join(project.root, 'models');
  const found = fs.existsSync(folder)
    ? fs.readdirSync(folder).find((file) => /^index\.[cm]?[jt]s$/.test(file))
    : undefined;
  if (found !== undefined) return { target: path.join(folder, found) };
  if (isCompiled(project)) return { why: byHand('The index of the models') };
  const target = path.join(folder, 'index.js');
  return { target, text: modelsIndexSource(moduleKindOf(target), configurationOf(project, folder, isWhole)) };
}

/** How the index of the models finds the database: by what is there, or else by what is written beside it. */
function configurationOf({ root, config }: Project, folder: string, isWhole: boolean): Configuration {
  const file = config ?? (isWhole && !isInFields() ? defaultConfig(root) : undefined);
  if (file === undefined) return { exports: 'resolveDatabase' };
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const module = path.relative(folder, file).replaceAll('\\', '/');
  return {
    exports: /\bresolveDatabase\b/.test(text) ? 'resolveDatabase' : 'settings',
    module: module.startsWith('.') ? module : `./${module}`,
  };
}

/** What to type next. */
function nextSteps(project: Project): string {
  const { root, config } = project;
  if (migrationNames(project).length > 0) return 'Next: npx sequelize-cli db:migrate:status';
  const isOurs =
    config === undefined ||
    (fs.existsSync(config) && fs.readFileSync(config, 'utf8').includes('DATABASE_URL'));
  const isNamed = variable('DATABASE_URL') !== undefined || isInFields();
  const database = path.basename(root).replace(/\W+/g, '_');
  return [
    'Next:',
    ...(isOurs && !isNamed
      ? [`export DATABASE_URL=postgres://user:password@localhost:5432/${database}`]
      : []),
    'npx sequelize-cli db:create',
    ...(isCompiled(project) ? [] : ['npx sequelize-cli model:generate --name Pet --attributes name:string']),
    'npx sequelize-cli migration:generate --name create-pets',
    'npx sequelize-cli db:migrate',
  ].join('\n  ');
}
