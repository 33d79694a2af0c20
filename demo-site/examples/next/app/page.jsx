export const metadata = { title: 'Why tides turn' };

export default function Page() {
  return (
    <main>
      <script type="module" src="/tuppence/x402-paywall.js" async />
      <h1>Why tides turn</h1>
      <x402-paywall src="/premium/story" suppressHydrationWarning>
        <p>Twice a day the sea comes in, and nobody asks it to.</p>
      </x402-paywall>
    </main>
  );
}
