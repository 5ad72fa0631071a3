export { createMissingDatabase } from './database';
export { locationIn, locationOf, type Location } from './location';
export { inMemory, memoryFolder } from './memory';
export { runningServer, startServer, stopServer, type Server } from './server';
