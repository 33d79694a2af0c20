const by = new URLSearchParams(location.search).get('by');
if (by !== null) localStorage.setItem(`kinds:${by}`, 'yes');
