import type { Article } from '../article.ts';
import { bridgeReport } from './the-bridge-that-swayed.ts';
import { tideMachine } from './the-tide-machine.ts';
import { soldTheTime } from './the-woman-who-sold-the-time.ts';
import { pennyPost } from './what-a-penny-carried.ts';

export { bridgeReport, pennyPost, soldTheTime, tideMachine };

/** The issue, in the order of its front page. */
export const articles: readonly Article[] = [tideMachine, pennyPost, soldTheTime, bridgeReport];
