'use strict';

const path = require('node:path');
const { compile } = require('./bootstrap/compile');
const { isLoading, projectFrom } = require('./bootstrap/project');

/**
 * What a project's `.sequelizerc` exports. sequelize-cli requires that file once, synchronously, before it looks at its
 * arguments: the only moment at which a project can look at them first. The TypeScript is compiled where it has
 * changed, and the command line is checked and corrected.
 *
 * @param settings see `projectFrom`
 * @returns the paths, by the names that sequelize-cli has for them
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
