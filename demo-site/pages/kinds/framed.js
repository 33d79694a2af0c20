parent.postMessage(new URLSearchParams(location.search).get('id'), '*');
