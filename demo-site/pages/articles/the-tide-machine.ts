import type { Article } from '../article.ts';
import { html } from '../html.ts';

/** Full page, v2, 5¢. */
export const tideMachine: Article = {
  slug: 'the-tide-machine',
  path: '/articles/the-tide-machine',
  paidPath: '/articles/the-tide-machine',
  kicker: 'Tides',
  title: 'The Tide Machine',
  standfirst:
    'How a box of brass wheels learned to add up the sea, and what it was asked to work out in 1943.',
  author: 'Ines Hallworth',
  price: { terms: '$0.05', label: '5¢' },
  opening: html`
    <p>The sea keeps good time, but it keeps a great many times at once. The Moon raises a tide every twelve hours
    and twenty-five minutes. The Sun raises another, a little under half as strong, every twelve hours exactly. When
    the two agree we have springs, and when they quarrel, neaps. Then the Moon’s path is an ellipse, and tilted, and
    the tilt itself swings round in a little under nineteen years. Each of these leaves its own small regular wave in
    every harbour in the world, and a harbour master wants only to know their sum.</p>`,
  rest: html`
    <p>Adding them is easy and endless. A dozen cosines for one hour of one day is a page of arithmetic; a year of
    high and low waters is a roomful of clerks. In 1872 William Thomson, who was later Lord Kelvin, was on a train to
    the British Association at Brighton with the problem in his head. Another passenger, the engineer Beauchamp Tower,
    suggested a chain running over a row of pulleys. By the end of the journey there was, more or less, a machine.</p>
    <p>It is one of the clearest ideas that anyone ever cut in metal. Each pulley stands for one wave. A crank carries
    it up and down, as far as that wave is high and as often as that wave comes. One cord, fixed at one end, passes
    over and under them all, and at the free end hangs a pen. Whatever the pulleys do separately, the cord does
    together. Turn the handle, and the pen draws the harbour: a year of it in about four hours.</p>
    <h2>Position Z</h2>
    <p>By the Second World War the best of these machines stood on a hill outside Liverpool, at Bidston, under Arthur
    Doodson, who had sorted the tide into nearly four hundred separate waves. There were two of them, kept well apart
    so that one bomb could not have both. In October 1943 a letter came from the Admiralty with a handful of numbers
    for a place called only Position Z. Doodson was not told where it was. He ran the wheels for the spring and summer
    of the next year.</p>
    <p>Position Z was Normandy. The beaches there shelve gently and the water climbs them by some six metres. The
    defenders, expecting an attack at high water, had planted the sand with stakes and steel that a rising sea would
    hide. So the landing had to come near low water, on a rising tide, soon after dawn: early enough for engineers to
    clear the stakes while they stood dry, late enough that boats would float off again. The airborne troops wanted a
    moon. Only a few days in any month would do. Early June had three, and because the tide comes up the Channel in
    its own time, each beach was given its own hour on the sixth.</p>
    <p>What I like best is how little the machine had to know. No wheel in it understands the sea. Each does one thing
    truly and without hurry, and is joined to its neighbours by a length of cord; the sea is what they have in
    common.</p>`,
};
