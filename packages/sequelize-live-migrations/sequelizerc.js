'use strict';

const path = require('node:path');
const { compile } = require('./bootstrap/compile');
const { keepCompiledModules } = require('./bootstrap/compile-cache');
const { outliveReaders } = require('./bootstrap/output');
const { isLoading, passOn, projectFrom } = require('./bootstrap/project');

/**
 * What a project's `.sequelizerc` exports. sequelize-cli requires that file once, synchronously, before it parses its
 * arguments, so this is where the TypeScript is compiled, if it has changed, and the command line checked and corrected.
 *
 * @param settings see `projectFrom`
 * @returns the paths, under the names of sequelize-cli's options
 */
function sequelizerc(settings) {
  const project = isLoading() ? passOn(projectFrom(settings)) : begin(settings);
  return {
    config: path.join(__dirname, 'dist', 'sequelize-cli', 'config.js'),
    'migrations-path': project.migrations.compiled,
    ...(project.seeders ? { 'seeders-path': project.seeders.compiled } : {}),
    ...(project.models ? { 'models-path': project.models.compiled } : {}),
  };
}

/** Begins a command of sequelize-cli, which would print an error of this file with its stack. */
function begin(settings) {
  outliveReaders();
  try {
    const project = projectFrom(settings);
    keepCompiledModules(project);
    const problem = compile(project);
    if (problem) throw new Error(problem);
    require('./dist/sequelize-cli').preflight(project, () => require('./dist/generators').generate);
    return project;
  } catch (error) {
    console.error(`ERROR: ${error.message}`);
    process.exit(1);
  }
}

module.exports = sequelizerc;
