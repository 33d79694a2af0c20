/** What is only seen after a press or a fault; it comes with the till. */
export const laterStyles = `
  button[aria-disabled='true'] {
    cursor: progress;
    translate: none;
    background: color-mix(in oklab, var(--_accent) 18%, transparent);
    color: inherit;
  }

  .spinner {
    width: 1em;
    height: 1em;
    border: 2px solid color-mix(in oklab, currentColor 25%, transparent);
    border-block-start-color: currentColor;
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }

  .status.bad {
    padding-inline-start: 0.8rem;
    border-inline-start: 3px solid light-dark(#b3261e, #ff9c8f);
  }

  .below {
    padding-block-start: 0.9rem;
    border-block-start: 1px solid var(--_line);
    font-size: 0.9375rem;
  }

  .below h2 {
    margin: 0 0 0.4rem;
    font-size: 1rem;
    font-weight: 650;
  }

  ol {
    margin: 0;
    padding-inline-start: 1.3em;
  }

  li + li {
    margin-block-start: 0.25rem;
  }

  .below p {
    margin: 0.6rem 0 0;
  }

  .wallets {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr));
    gap: 0.5rem;
  }

  ol + .wallets {
    margin-block-start: 0.9rem;
  }

  .wallets button {
    width: 100%;
    border-color: var(--_line);
    background: none;
    color: inherit;
  }

  .wallets button:hover {
    background: color-mix(in oklab, var(--_accent) 12%, transparent);
  }

  a {
    color: inherit;
    text-decoration-color: var(--_accent);
    text-underline-offset: 0.2em;
  }

  /* Paid: what is left is one quiet line between the opening and the rest. */
  .slim {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.8em;
    padding: 0.5rem 0;
    border-width: 1px 0;
    border-radius: 0;
    background: none;
    color: inherit;
    font-size: 0.8125rem;
  }

  .slim .status {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation: none;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    .fresh::slotted(*) {
      animation: arrive 400ms ease-out;
    }
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  @keyframes arrive {
    from {
      opacity: 0;
    }
  }
`;
