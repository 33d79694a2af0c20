await navigator.serviceWorker.register('/kinds/controlled/service.js');
if (navigator.serviceWorker.controller === null)
  await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
const { ok } = await fetch('/kinds/paid/service.json');
if (ok) parent.postMessage('service', '*');
