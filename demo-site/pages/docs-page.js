// On every page of the docs: the way through them, open where there is room, and buttons that copy code.
const ways = document.querySelector('.ways details');
const isWide = matchMedia('(min-width: 60rem)');
const openWays = () => ways.toggleAttribute('open', isWide.matches);
isWide.addEventListener('change', openWays);
openWays();

for (const block of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
  const frame = document.createElement('div');
  frame.className = 'code';
  block.replaceWith(frame);
  frame.append(block, button);
}
