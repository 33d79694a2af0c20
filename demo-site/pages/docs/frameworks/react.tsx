import { createRoot } from 'react-dom/client';
import { X402Paywall } from 'tuppence/react';

function Article() {
  return (
    <X402Paywall
      src="/premium/what-a-penny-carried"
      maxAmount="0.05"
      onPaid={({ transaction }) => console.log('paid', transaction)}
      onError={({ code, message }) => console.log(code, message)}
    >
      <p>The first paragraph is free …</p>
    </X402Paywall>
  );
}

const root = document.querySelector('#app');
if (root !== null) createRoot(root).render(<Article />);
