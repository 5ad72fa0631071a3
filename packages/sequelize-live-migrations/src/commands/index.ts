import { check } from './check';
import { diagram } from './diagram';
import { plan } from './plan';
import { purge } from './purge';

export { compareWithModels } from './check';
export { runCommand, type Command } from './command';
export { modelsOf } from './models-of';

/** The commands by name. */
export const commands = { check, diagram, plan, purge };
