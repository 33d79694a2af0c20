const answer = fetch('/kinds/paid/shared.json');
addEventListener('connect', ({ ports: [port] }) => {
  answer.then(({ status }) => port.postMessage(status));
});
