export { createMissingDatabase } from './database';
export { locationIn, locationOf, type Location } from './location';
export { runningServer, startServer, stopServer, type Server } from './server';
