'use strict';

// Required before a measured command: writes its maximum resident set size, in KiB, to a file.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
