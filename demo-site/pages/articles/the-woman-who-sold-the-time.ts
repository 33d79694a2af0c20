import type { Article } from '../article.ts';
import { html } from '../html.ts';

/** Full page, v1, 3¢. */
export const soldTheTime: Article = {
  slug: 'the-woman-who-sold-the-time',
  path: '/archive/the-woman-who-sold-the-time',
  paidPath: '/archive/the-woman-who-sold-the-time',
  kicker: 'Clocks · from the archive',
  title: 'The Woman Who Sold the Time',
  standfirst: 'For nearly fifty years Ruth Belville carried Greenwich across London in a handbag.',
  author: 'Tomas Aldery',
  price: { terms: '$0.03', label: '3¢' },
  opening: html`
    <p>On Monday mornings, well into the reign of the wireless, an upright woman in a dark coat climbed the hill to the
    Royal Observatory and rang the bell at the gate. The porter gave her a chair and sometimes tea. He took from her a
    large silver watch, and brought it back with a slip of paper that said how wrong it was. Then Ruth Belville went
    down the hill again, took a train into London, and sold the time.</p>`,
  rest: html`
    <p>The watch was a pocket chronometer by John Arnold, number 485, made in 1794. She called it Mr Arnold. Her father,
    John Henry Belville, had been an assistant at the Observatory and had begun the round in 1836, when the makers of
    chronometers in Clerkenwell tired the astronomers by calling to ask the hour. It was simpler for the hour to call
    on them. He had some two hundred subscribers when he died in 1856. His widow Maria kept the round until she was in
    her eighties, and in 1892 it came to Ruth.</p>
    <p>It was a modest trade, and exact. A customer paid by the year and was let in, once a week, on the truth. Mr
    Arnold was held up beside the shop’s own regulator, the slip was read, the difference noted to a fraction of a
    second. There were watchmakers, of course, but also banks, factories, and one or two people who simply liked to
    know. She did not set their clocks. She told them how far they had strayed, and left the rest to them.</p>
    <h2>A better offer</h2>
    <p>By then time could be had by wire. The Standard Time Company would send a pulse down the telegraph every hour
    and pull the hands of your clock straight without anybody climbing a hill. In 1908 a director of that company, St
    John Wynne, gave a lecture in which he laughed at the old way of doing things, and wondered aloud whether the lady
    might be using her charms to keep her customers. <em>The Times</em> printed it. Reporters went looking for her. She was
    frightened that someone would ask whether she had a licence; what happened instead was that she got more
    subscribers. It was, for her, free advertising, from a competitor, in a newspaper of record.</p>
    <p>The pips came on the air in 1924. The speaking clock answered the telephone in July 1936, in the voice of a
    London telephonist, for the price of a call. Still she went up the hill. She stopped in 1940, at eighty-six, when
    there was a war on and the streets were no place to carry a watch so old.</p>
    <p>It is easy to smile at a person who delivers by hand what is already in the wire. But look at what her customers
    bought. A pulse cannot be asked where it has been. The slip of paper could; it had a date, and an initial, and it
    came from a place you could walk to. They were paying a small sum, often, for something they could check, from
    somebody they knew. There are worse definitions of trust.</p>`,
};
