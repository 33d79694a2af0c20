const form = document.querySelector('#look');
const paywall = document.querySelector('#shown');
const code = document.querySelector('#style');

function show() {
  const { width, ...properties } = Object.fromEntries(new FormData(form));
  paywall.style.maxWidth = `${width}px`;
  const lines = Object.entries(properties).map(([name, value]) => {
    const set = name === '--x402-radius' ? `${value}px` : value;
    paywall.style.setProperty(name, set);
    return `  ${name}: ${set};`;
  });
  code.textContent = `x402-paywall {\n${lines.join('\n')}\n}`;
}

form.addEventListener('input', show);
show();
