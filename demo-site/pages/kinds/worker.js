fetch('/kinds/paid/worker.json').then(({ status }) => postMessage(status));
