import { check } from './check';
import { diagram } from './diagram';
import { plan } from './plan';
import { purge } from './purge';

export { compareWithModels } from './check';
export { modelsOf, runCommand, type Command } from './command';

/** The commands by name. */
export const commands = { check, diagram, plan, purge };
