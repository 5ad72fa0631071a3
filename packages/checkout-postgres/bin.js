#!/usr/bin/env node
'use strict';

// checkout-postgres start | stop, in the folder whose package.json has the settings.

const { runCommand } = require('./dist/commands');

runCommand(process.cwd(), process.argv.slice(2)).catch((error) => {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
