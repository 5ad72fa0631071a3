export {
  checkoutDatabase,
  stopCheckoutServers,
  type CheckoutDatabase,
  type CheckoutDatabaseOptions,
} from './checkout';
export { locationIn, locationOf, type Location } from './location';
export { runningServer, startServer, stopServer, type Server } from './server';
export { removeTemporaryServers, startTemporaryServer, temporaryLocation } from './temporary';
