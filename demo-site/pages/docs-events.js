// Everything that happens in every paywall of the page, in order.
const log = document.querySelector('#log');

for (const name of ['state', 'quote', 'pay', 'paid', 'content', 'error'])
  document.addEventListener(`x402-${name}`, (event) => {
    const { state, payer, kind, code, transaction } = event;
    const item = document.createElement('li');
    item.textContent = [event.type, state ?? payer ?? kind ?? code ?? transaction].filter(Boolean).join(': ');
    log.append(item);
  });
