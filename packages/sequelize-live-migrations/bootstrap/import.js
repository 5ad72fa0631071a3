'use strict';

// Plain JavaScript, because TypeScript compiles `import()` to `require()` for CommonJS.

/** Imports an ES module. @param specifier its URL */
const importModule = (specifier) => import(specifier);

module.exports = { importModule };
