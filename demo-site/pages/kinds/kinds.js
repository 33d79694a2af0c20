const PAID = '/kinds/paid';

/** Puts the tick on a kind that has come through. */
function works(id) {
  const item = document.getElementById(`kind-${id}`);
  if (item === null) return;
  item.classList.add('works');
  item.querySelector('output').textContent = '✓ works';
}

async function worksIfOk(id, answer) {
  const { ok } = await answer;
  if (ok) works(id);
}

/** What was tried before the page was loaded again is tried once more. */
function again(id, attempt) {
  const key = `kinds-tried:${id}`;
  const start = () => {
    sessionStorage.setItem(key, 'yes');
    attempt();
  };
  if (sessionStorage.getItem(key) !== null) attempt();
  return start;
}

const tries = {
  fetch: () => worksIfOk('fetch', fetch(`${PAID}/data.json`)),
  post: () =>
    worksIfOk(
      'post',
      fetch(`${PAID}/order`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ pages: 3 }),
      }),
    ),
  xhr: () => {
    const request = new XMLHttpRequest();
    request.addEventListener('load', () => request.status === 200 && works('xhr'));
    request.open('GET', `${PAID}/xhr.json`);
    request.send();
  },
  window: () => open(`${PAID}/page?by=window`),
  service: again('service', () => {
    const frame = document.createElement('iframe');
    frame.src = '/kinds/controlled/';
    frame.title = 'Behind a service worker';
    document.querySelector('#kind-service div').append(frame);
  }),
  worker: again('worker', () => {
    const worker = new Worker('/kinds/worker.js');
    worker.addEventListener('message', ({ data }) => data === 200 && works('worker'));
  }),
  shared: again('shared', () => {
    const { port } = new SharedWorker('/kinds/shared.js');
    port.addEventListener('message', ({ data }) => data === 200 && works('shared'));
    port.start();
  }),
};

for (const button of document.querySelectorAll('[data-try]'))
  button.addEventListener('click', () => tries[button.dataset.try]());

for (const id of ['image', 'srcset', 'picture', 'lazy']) {
  const image = document.querySelector(`#kind-${id} img`);
  const look = () => image.naturalWidth > 0 && works(id);
  image.addEventListener('load', look);
  look();
}

const film = document.querySelector('#kind-video video');
film.addEventListener('loadeddata', () => works('video'));
if (film.readyState > 1) works('video');

// A jump to where nothing has been loaded yet asks for another part of the file.
const sound = document.querySelector('#kind-audio audio');
const jump = () => {
  sound.currentTime = sound.duration * 0.75;
};
sound.addEventListener('seeked', () => works('audio'));
sound.addEventListener('loadedmetadata', jump);
if (sound.readyState > 0) jump();

const sheet = document.querySelector('#kind-style link');
const isStyled = () =>
  getComputedStyle(document.querySelector('.paid-style')).getPropertyValue('--paid') !== '' && works('style');
sheet.addEventListener('load', isStyled);
isStyled();

document.addEventListener('kinds:script', () => works('script'));
if (document.documentElement.dataset.script !== undefined) works('script');

const hasRuler = () => [...document.fonts].some(({ status }) => status === 'loaded') && works('font');
document.fonts.addEventListener('loadingdone', hasRuler);
hasRuler();

// The element itself may be exchanged for another: its place is listened to.
const embedded = document.querySelector('#kind-object');
const isEmbedded = () =>
  embedded.querySelector('object').contentDocument?.querySelector('svg') && works('object');
embedded.addEventListener('load', isEmbedded, true);
isEmbedded();

addEventListener('message', ({ data }) => typeof data === 'string' && works(data));

new ResizeObserver(([{ contentRect }]) => contentRect.width >= 100 && works('background')).observe(
  document.querySelector('.from-sheet'),
);

// Where a file goes that is downloaded, no page can see: the server says that it has gone out.
const untilServed = async () => {
  const { served } = await (await fetch('/kinds/served', { cache: 'no-store' })).json();
  if (served.includes('plan.txt')) works('download');
  else setTimeout(untilServed, 500);
};
document.querySelector('#kind-download a').addEventListener('click', untilServed, { once: true });

// Pages that were opened say how, in what all tabs of this site share.
const arrived = () => {
  for (const by of ['link', 'window', 'redirect', 'form'])
    if (localStorage.getItem(`kinds:${by}`) !== null) works(by);
};
addEventListener('storage', arrived);
addEventListener('pageshow', arrived);
