const form = document.querySelector('#check');
const findings = document.querySelector('#findings');

function say(isGood, text) {
  const item = document.createElement('li');
  item.textContent = `${isGood ? '✓' : '✗'} ${text}`;
  findings.append(item);
  return isGood;
}

/** A failed fetch says nothing of why; one that may not read the answer fails only if nobody is there. */
async function explainSilence(url) {
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store' });
    say(
      false,
      `It answers, but not to this origin: send “Access-Control-Allow-Origin: ${location.origin}” with the 402 too. Mount CORS before the payment middleware.`,
    );
  } catch {
    say(false, 'It does not answer: see whether the server runs and the address is right.');
  }
}

function decoded(header) {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(header), (c) => c.charCodeAt(0))));
  } catch {
    return null;
  }
}

async function checkTerms(response) {
  const header = response.headers.get('payment-required');
  const body = await response.text();
  if (header !== null) {
    const terms = decoded(header);
    if (terms === null) return say(false, 'PAYMENT-REQUIRED is not base64 of JSON.');
    if (terms.x402Version !== 2)
      return say(false, 'PAYMENT-REQUIRED is version 2’s header; version 1 puts its terms into the body.');
    return say(true, `Version 2 terms in the header, ${terms.accepts?.length ?? 0} of them.`);
  }
  if (body.includes('"x402Version"')) {
    if (/"x402Version"\s*:\s*2/.test(body))
      return say(false, 'Version 2 terms belong into the header PAYMENT-REQUIRED, not into the body.');
    return say(true, 'Version 1 terms in the body.');
  }
  return say(
    false,
    'No terms can be read. On another origin, send “Access-Control-Expose-Headers: PAYMENT-REQUIRED, PAYMENT-RESPONSE, X-PAYMENT-RESPONSE”.',
  );
}

async function checkPreflight(url) {
  try {
    await fetch(url, { headers: { 'PAYMENT-SIGNATURE': 'e30=', 'X-PAYMENT': 'e30=' }, cache: 'no-store' });
    say(true, 'A payment may be sent.');
  } catch {
    say(
      false,
      'The preflight is refused: leave OPTIONS out of what is paid for (route “GET /…”), and send “Access-Control-Allow-Headers: PAYMENT-SIGNATURE, X-PAYMENT”.',
    );
  }
}

async function check(text) {
  findings.replaceChildren();
  if (!URL.canParse(text, location.href)) return say(false, 'This is not an address.');
  const url = new URL(text, location.href);
  const isLocal = ['localhost', '127.0.0.1'].includes(url.hostname);
  say(
    url.protocol === 'https:' || isLocal,
    url.protocol === 'https:'
      ? 'https'
      : isLocal
        ? 'http, which is fine on this machine'
        : 'http: readers’ wallets and extensions want https.',
  );
  let response;
  try {
    response = await fetch(url, { cache: 'no-store' });
  } catch {
    return explainSilence(url);
  }
  if (
    !say(
      response.status === 402,
      `It answered ${response.status}${response.status === 402 ? '' : ', not 402'}.`,
    )
  )
    return;
  if (response.redirected) say(false, `It redirects to ${response.url}; no payment follows a redirect.`);
  if (await checkTerms(response)) await checkPreflight(url);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check(String(new FormData(form).get('url')).trim());
});
