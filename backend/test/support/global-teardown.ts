import { sweepUp } from './server';

export default sweepUp;
