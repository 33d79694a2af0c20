import type { Article } from '../article.ts';
import { html } from '../html.ts';

/** Full page, v2, $2.50: more than a reader would let a browser pay unasked. */
export const bridgeReport: Article = {
  slug: 'the-bridge-that-swayed',
  path: '/reports/the-bridge-that-swayed',
  paidPath: '/reports/the-bridge-that-swayed',
  kicker: 'Report · Bridges',
  title: 'The Bridge That Swayed',
  standfirst:
    'Two days in June 2000, one hundred and sixty-six walkers, and a question that took twenty years to answer.',
  author: 'Common Measure’s engineering desk',
  price: { terms: '$2.50', label: '$2.50' },
  opening: html`
    <p>On Saturday 10 June 2000 London opened its first new crossing of the Thames in more than a century, a blade of
    steel and aluminium for people on foot. Some eighty thousand came on the first day, up to two thousand at a time.
    As it filled, the deck began to move: not up and down, as everyone knows bridges may, but from side to side. People
    spread their feet and held the rail. On the Monday it was shut. It would stay shut for twenty months.</p>`,
  rest: html`
    <dl class="figures">
      <div><dt>Cost to build</dt><dd>£18.2 million</dd></div>
      <div><dt>Cost to correct</dt><dd>£5 million</dd></div>
      <div><dt>Largest sway</dt><dd>about 7 cm</dd></div>
      <div><dt>Reopened</dt><dd>22 February 2002</dd></div>
    </dl>
    <h2>What everyone knew</h2>
    <p>Soldiers break step on bridges. They have done so since April 1831, when seventy-four men of the 60th Rifles,
    pleased to feel the Broughton suspension bridge swing to their march, whistled a tune to help it along and went into
    the Irwell with it. Nobody died, and every drill book learned the lesson: a crowd in time can push a structure at
    its own favourite pace. Walkers strike the ground about twice a second. A designer keeps the deck’s vertical
    frequencies away from that, and the designers of this bridge had done so.</p>
    <h2>What was different</h2>
    <p>A walker also leans: a little left, a little right, once for each pair of steps. The push is a tenth of the
    other and had seemed too small to matter. But several of the bridge’s sideways modes lay at or under one cycle a
    second. When Arup’s engineers brought people back to walk on it in controlled numbers they found that the sideways
    push did not depend on how far the deck moved, but on how <em>fast</em>. People steadying themselves on a moving
    floor feed it exactly as a damper would rob it. Each walker takes away a fixed share of the damping that the
    bridge was built with.</p>
    <p>That has a hard consequence. Below some number of people nothing happens, however long they walk. On one span a
    hundred and fifty-six were harmless. With ten more, the sway grew and went on growing. There is no warning slope to
    climb; there is a cliff with a flat field in front of it.</p>
    <h2>What was done</h2>
    <p>Stiffening the deck would have spoiled it, and limiting the crowd would have made it a gate. The engineers added
    damping instead: thirty-seven viscous dampers against the sway, and fifty-two tuned masses, mostly out of sight
    beneath the deck. In January 2002 two thousand people walked over. The bridge did what a floor does.</p>
    <h2>What was learned late</h2>
    <p>For years the story was told as one of crowds falling into step. It is a good story, and films of that first
    weekend do show it. But a study in <em>Nature Communications</em> in 2021, built on earlier doubts, showed that the
    instability needs no such agreement. It is enough that each person, alone, tries not to fall over. Falling into
    step, where it comes, comes after.</p>
    <p>The lesson for anyone who builds something to be shared is uncomfortable. A thousand careful people, each doing
    the sensible thing, can add up to a push that none of them is making. You will not find it by testing with a
    hundred and fifty-six.</p>`,
};
