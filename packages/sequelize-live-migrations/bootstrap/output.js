'use strict';

/**
 * Lets a command go on when the reader of its output is gone, as `head` is after some lines: what it still prints is
 * lost, and nothing else. Otherwise Node.js would end it with a stack trace, in the middle of a migration.
 */
function outliveReaders() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

module.exports = { outliveReaders };
