/** Milliseconds that a window must have been in front before a press in it means something. */
const ARMING = 700;

/**
 * Tells when presses may count: a moment after this window became visible and focused, and anew after it lost
 * either or changed its size. A window that jumps up under a finger must not take the tap that was meant for a page.
 */
export function armWhenLookedAt(report: (armed: boolean) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = () => {
    clearTimeout(timer);
    report(false);
    if (document.visibilityState === 'visible' && document.hasFocus())
      timer = setTimeout(() => report(true), ARMING);
  };
  for (const event of ['focus', 'blur', 'resize'] as const) addEventListener(event, restart);
  document.addEventListener('visibilitychange', restart);
  restart();
}
