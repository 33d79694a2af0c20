/** Milliseconds without a press, in a window that is being looked at, before a press may mean something. */
const IDLE = 700;

/**
 * Whether a press counts, or why not.
 *
 * - `armed`: it does.
 * - `unseen`: the window is hidden, or another has the focus.
 * - `settling`: it has only just come to the front, has changed, or was moved.
 * - `pressed`: somebody is pressing already; it arms after a pause.
 */
export type Readiness = 'armed' | 'unseen' | 'settling' | 'pressed';

export type Arming = {
  /** Starts the time anew: something else is shown now. */
  readonly restart: () => void;
  /** Whether a click counts: a person's own, begun and ended while armed, in a window that nobody has moved. */
  readonly accepts: (event: Event) => boolean;
};

const PRESSES = ['pointerdown', 'pointerup', 'keydown', 'keyup', 'click'] as const;
const CONTROLS = 'button, input, select, label, a, summary';

/**
 * Tells when presses may count: after {@link IDLE} milliseconds without any, in a visible and focused window. Every
 * press before that starts the time anew, so that a stream of clicks which began on a page never arms a window that
 * comes up under it. A press beside every control starts it anew as well. Chromium guards its own permission prompts
 * in the same way: https://source.chromium.org/chromium/chromium/src/+/main:ui/views/input_event_activation_protector.h
 */
export function armWhenIdle(report: (readiness: Readiness) => void): Arming {
  let readiness: Readiness = 'settling';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = '';
  let armedAt = 0; // Milliseconds of the page's life, as events are stamped.
  let isDown = false;
  /** Whether the press that is under way, or was the last, began while armed. */
  let beganArmed = false;
  const set = (next: Readiness) => {
    readiness = next;
    report(next);
  };
  const wait = (why: 'settling' | 'pressed') => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible' || !document.hasFocus()) {
      isDown = false; // Its end is another window's.
      return set('unseen');
    }
    set(why);
    timer = setTimeout(() => {
      place = placeOnScreen();
      armedAt = performance.now();
      beganArmed = !isDown;
      set('armed');
    }, IDLE);
  };
  const restart = () => wait('settling');
  const onPress = (event: Event) => {
    const begins = event.type === 'pointerdown' || event.type === 'keydown';
    const isLate = event.timeStamp < armedAt; // A busy window is told of a press only afterwards.
    if (readiness === 'armed' && placeOnScreen() !== place) restart();
    else if (readiness !== 'armed' || isLate || (begins && isBesideControls(event))) wait('pressed');
    if (event.type !== 'click') isDown = begins;
    if (begins) beganArmed = readiness === 'armed';
  };
  for (const type of PRESSES) addEventListener(type, onPress, { capture: true });
  for (const type of ['focus', 'blur', 'resize'] as const) addEventListener(type, restart);
  document.addEventListener('visibilitychange', restart);
  restart();
  return { restart, accepts: (event) => event.isTrusted && readiness === 'armed' && beganArmed };
}

/** No event tells that a window was moved. */
function placeOnScreen(): string {
  return [screenX, screenY, innerWidth, innerHeight, devicePixelRatio].join();
}

function isBesideControls({ type, target }: Event): boolean {
  return type === 'pointerdown' && !(target instanceof Element && target.closest(CONTROLS) !== null);
}
