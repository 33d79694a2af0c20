import type { Article } from '../article.ts';
import { html } from '../html.ts';

/** Free page with a gate in it, v2, 2¢. */
export const pennyPost: Article = {
  slug: 'what-a-penny-carried',
  path: '/features/what-a-penny-carried',
  paidPath: '/premium/what-a-penny-carried',
  kicker: 'Letters',
  title: 'What a Penny Carried',
  standfirst:
    'In 1840 Britain made a letter so cheap that nobody had to think about it. That was the whole invention.',
  author: 'Marit Oyelaran',
  price: { terms: '$0.02', label: '2¢' },
  opening: html`
    <p>There is a story that Rowland Hill liked to tell, and that he had from Coleridge. A young woman in the Lake
    District is handed a letter, turns it over, and gives it back: she cannot afford the shilling. A kind traveller
    pays. When the postman has gone she shows him that the sheet inside is blank. Her brother in London sends one now
    and then; that it comes means he is well, and refusing it is free.</p>
    <p>In those days it was the reader who paid. The fee was reckoned by the mile and by the sheet, collected at the
    door, written in a ledger, and argued about.</p>`,
  rest: html`
    <p>Hill was a schoolmaster, and did what few in the Post Office had done: he divided. Taking the cost of the mail
    coach from London to Edinburgh, and sharing it among the letters in the bag, he found that to carry one of them
    four hundred miles cost about a thirty-sixth of a penny. The charge was more than a shilling. The distance, then,
    was nearly nothing. What cost money was deciding how much to ask: weighing the sheet against a candle, looking up
    the miles, knocking, waiting, making change, keeping the accounts of all of it.</p>
    <p>So his pamphlet of 1837 did not propose to do the old thing more cheaply. It proposed to stop doing most of it.
    One price, to anywhere. Paid beforehand. And, as proof that it had been paid, “a bit of paper just large enough to
    bear the stamp, and covered at the back with a glutinous wash”.</p>
    <h2>The sum of small things</h2>
    <p>The uniform penny began on 10 January 1840, and the black stamp with the young Queen’s head was good from 6 May.
    Officially the great novelty was a decorated envelope by William Mulready, with Britannia sending out winged
    messengers; people laughed at it until it was withdrawn. The small gummed square, which nobody had thought worth
    mocking, went round the world.</p>
    <p>In the last year of the old system the Post Office carried some seventy-six million letters. In the first of the
    new it carried about a hundred and sixty-nine million. It still lost money by the change, and the profit took more
    than twenty years to come back, which the Treasury did not let Hill forget. But people wrote who had never written:
    servants, emigrants, girls in mills. Shops posted price lists. In 1843 Henry Cole, too busy to answer his friends at
    Christmas, had a card printed instead.</p>
    <p>We remember the penny as a low price. I think it mattered more that it was a <em>settled</em> one. Below some
    amount a price stops being a question. Nobody at the door, nothing to work out, no one to refuse. The young woman
    with the blank sheet had a perfectly good system, after all; it only had to be used by people clever enough to cheat
    it. The penny was for everybody else.</p>`,
};
