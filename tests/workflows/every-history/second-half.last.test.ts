import { replayEveryHistory } from './replay-every-history.js';

replayEveryHistory(1);
