#!/usr/bin/env node
'use strict';

// checkout-postgres start | stop, in the folder whose package.json has the settings.

const { runCommand } = require('./dist/commands');

// The reader of what it prints may be gone, as `head` is after some lines.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

runCommand(process.cwd(), process.argv.slice(2)).catch((error) => {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = 1;
});
