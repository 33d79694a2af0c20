import { unsafeCSS } from 'lit';

/**
 * The card stands in the publication's flow: in its font, its width and its text colour, of which the surface is a
 * tint; so it is legible on any page that is. What is written on the accent is black or white by the accent's own
 * lightness, so that a publisher sets one colour for both.
 *
 * `unsafeCSS`, because nothing is put into it: the tag `css` brings checks and their words along.
 */
export const styles = unsafeCSS(`
  :host {
    --_accent: var(--x402-accent, light-dark(#14594d, #8ad6c4));
    --_on-accent: oklch(from var(--_accent) clamp(0, (0.57 - l) * 1000, 1) 0 0);
    --_line: color-mix(in oklab, currentColor 18%, transparent);
    --_radius: var(--x402-radius, 10px);
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none;
  }

  /* No paler than can be read: black on white stays above 4.5 : 1. */
  .faded {
    mask: linear-gradient(#000 calc(100% - 5lh), rgb(0 0 0 / 0.6)) no-clip;
  }

  .frame {
    container-type: inline-size;
    margin-block: 1.25em;
    font-family: var(--x402-font, inherit);
    font-size: 1rem;
    line-height: 1.45;
  }

  .card {
    display: grid;
    gap: 0.9rem 1.5rem;
    padding: 1.1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--x402-surface, color-mix(in oklab, currentColor 5%, transparent));
    color: var(--x402-text, inherit);
    text-align: start;
  }

  .card:focus {
    outline: none;
  }

  .card > * {
    margin: 0;
  }

  .lead {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.45em;
    font-weight: 500;
  }

  .price {
    font-size: 1.75rem;
    font-weight: 650;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }

  .details {
    color: color-mix(in oklab, currentColor 74%, transparent);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }

  .details span {
    display: inline-block;
    margin-inline-end: 0.35em;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.6em;
    box-sizing: border-box;
    width: 100%;
    min-height: 48px;
    padding: 0.55rem 1rem;
    border: 1px solid transparent;
    border-radius: calc(var(--_radius) * 0.7);
    background: var(--_accent);
    color: #fff;
    color: var(--_on-accent);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }

  button:hover {
    background: color-mix(in oklab, var(--_accent) 88%, var(--_on-accent));
  }

  button:active {
    translate: 0 1px;
  }

  button:focus-visible,
  a:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 3px;
  }

  .status {
    font-size: 0.9375rem;
  }

  .bare .status {
    order: -1;
  }

  /* Out of the grid, but not out of the tree: screen readers watch it from the start. */
  .status:empty {
    position: absolute;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  @container (min-width: 30rem) {
    .card:not(.slim) {
      grid-template-columns: 1fr auto;
      align-items: center;
      padding: 1.4rem 1.5rem;
    }

    .details,
    .card:not(.bare) > .status,
    .below {
      grid-column: 1 / -1;
    }

    button {
      width: auto;
      min-width: 11rem;
    }
  }

  @media (prefers-contrast: more), (forced-colors: active) {
    .faded {
      mask: none;
    }
  }

`);
