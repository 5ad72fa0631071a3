// What is true of a migration when a step of it fails, for messages.

export const NOTHING_DONE = 'Nothing of this migration was done.';

export const WHAT_WAS_DONE =
  'The steps before it are done and do no harm; once the cause is gone, the same command does the rest.';
