#!/usr/bin/env node
'use strict';

// sequelize-live-migrations build | check | plan | diagram | purge | generate, in the folder that has the `.sequelizerc`.

const { compile } = require('./bootstrap/compile');
const { keepCompiledModules } = require('./bootstrap/compile-cache');
const { outliveReaders } = require('./bootstrap/output');
const { loadProject } = require('./bootstrap/project');

const KEEP_GOING = '--keep-going';
const USAGE = `Usage: sequelize-live-migrations COMMAND

  build [${KEEP_GOING}]  compiles the project's TypeScript where it has changed
  check                 compares the configured database with the models
  plan                  prints the SQL that db:migrate would run now, as a script for psql
  plan --undo [NAME]    the same for db:migrate:undo
  plan --run-plain      runs plain migrations in a transaction that is rolled back, and prints what they send
  diagram FILE          draws the tables between the marks <!-- db:diagram --> and <!-- /db:diagram --> of FILE
  purge [--older-than 7d [--yes]]
                        lists what undone and removed things are kept aside, or deletes them for good
  generate --name NAME  what "sequelize-cli migration:generate" runs; with --check it writes nothing`;

const NAMES = ['build', 'check', 'plan', 'diagram', 'purge', 'generate'];

function build(project, args) {
  const [option, ...others] = args;
  if (others.length > 0 || (option !== undefined && option !== KEEP_GOING))
    throw new Error(`Unexpected arguments (${args.join(' ')}). Nothing was done.\n\n${USAGE}`);
  const keepGoing = option === KEEP_GOING;
  const problem = compile(project, { keepGoing });
  if (!problem) return;
  console.error(problem);
  if (!keepGoing) process.exitCode = 1;
}

function main([name, ...args]) {
  if (name === 'help' || [name, ...args].some((arg) => arg === '--help' || arg === '-h'))
    return console.log(USAGE);
  if (!NAMES.includes(name)) {
    const problem = name === undefined ? 'There is no command.' : `"${name}" is not a command.`;
    throw new Error(`${problem} Nothing was done.\n\n${USAGE}`);
  }
  const project = loadProject(process.cwd());
  keepCompiledModules(project);
  if (name === 'build') return build(project, args);
  const problem = compile(project);
  if (problem) throw new Error(problem);
  if (name === 'generate') return require('./dist/generate').generateMigration(project, args);
  const { commands, runCommand } = require('./dist/commands');
  return runCommand(project, commands[name], args);
}

outliveReaders();

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = 1;
}
