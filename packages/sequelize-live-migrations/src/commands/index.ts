import { check } from './check';
import { diagram } from './diagram';
import { plan } from './plan';

export { compareWithModels } from './check';
export { runCommand, type Command } from './command';

/** By what is typed. */
export const commands = { check, diagram, plan };
