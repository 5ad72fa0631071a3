'use strict';

const fs = require('node:fs');
const { enableCompileCache } = require('node:module');
const path = require('node:path');

/**
 * Keeps what Node.js compiles of the modules that are loaded from here on, Sequelize's and node-postgres's included, so that the
 * next command need not compile them. In the project, and not where Node.js would have it: others can write to the machine's
 * folder for temporary files, and what is kept there is run. What cannot be kept, as in an image that is only read, is compiled
 * each time. `NODE_DISABLE_COMPILE_CACHE` turns it off.
 *
 * @param root the project's folder
 */
function keepCompiledModules({ root }) {
  const modules = path.join(root, 'node_modules');
  if (!fs.existsSync(modules)) return;
  const folder = path.join(modules, '.cache', 'node');
  if (enableCompileCache) enableCompileCache(folder);
  else if (!process.env.NODE_DISABLE_COMPILE_CACHE) require('./code-cache').keepCode(folder);
}

module.exports = { keepCompiledModules };
