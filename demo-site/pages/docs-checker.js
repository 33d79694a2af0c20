// Sends the address to the checker of this server, and shows what it found.
const form = document.querySelector('#check');
const found = document.querySelector('#found');

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  if (text !== '') made.textContent = text;
  made.append(...children);
  return made;
}

function facts(offer) {
  const names = { price: 'Price', amount: 'Token', network: 'Network', payTo: 'Paid to' };
  const rows = Object.entries(names).flatMap(([field, name]) => [
    element('dt', name),
    element('dd', offer[field]),
  ]);
  const list = element('dl', '', ...rows);
  list.className = 'facts';
  return list;
}

function verdict(findings) {
  const items = findings.map(({ isGood, text }) => {
    const mark = element('span', isGood ? '✓' : '✗');
    mark.className = isGood ? 'good' : 'bad';
    return element('li', '', mark, element('span', text));
  });
  const list = element('ol', '', ...items);
  list.className = 'verdict';
  return list;
}

function summary({ findings }) {
  const wrong = findings.filter(({ isGood }) => !isGood).length;
  return element(
    'h2',
    wrong === 0 ? 'All is right' : wrong === 1 ? 'One thing is wrong' : `${wrong} things are wrong`,
  );
}

async function check() {
  const { url, from } = Object.fromEntries(new FormData(form));
  const address = URL.canParse(url, location.href) ? new URL(url, location.href).href : url;
  history.replaceState(null, '', `?url=${encodeURIComponent(url)}`);
  found.replaceChildren(element('p', 'Looking …'));
  const response = await fetch('/docs/checker', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ url: address.trim(), from: from.trim() || null }),
  });
  const result = await response.json();
  found.replaceChildren(summary(result), ...result.offers.map(facts), verdict(result.findings));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  check().catch(() => found.replaceChildren(element('p', 'The checker does not answer.')));
});
