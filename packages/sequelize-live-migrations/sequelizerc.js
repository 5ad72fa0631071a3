'use strict';

const path = require('node:path');
const { compile } = require('./bootstrap/compile');
const { isLoading, projectFrom } = require('./bootstrap/project');

/**
 * What a project's `.sequelizerc` exports. sequelize-cli requires that file once, synchronously, before it parses its
 * arguments, so this is where the TypeScript is compiled, if it has changed, and the command line checked and corrected.
 *
 * @param settings see `projectFrom`
 * @returns the paths, under the names of sequelize-cli's options
 */
function sequelizerc(settings) {
  const project = projectFrom(settings);
  if (!isLoading(project)) {
    const problem = compile(project);
    if (problem) {
      console.error(`ERROR: ${problem}`);
      process.exit(1);
    }
    require('./dist/sequelize-cli').preflight(project);
  }
  return {
    config: path.join(__dirname, 'dist', 'sequelize-cli', 'config.js'),
    'migrations-path': project.migrations.compiled,
    ...(project.seeders ? { 'seeders-path': project.seeders.compiled } : {}),
    ...(project.models ? { 'models-path': project.models.compiled } : {}),
  };
}

module.exports = sequelizerc;
