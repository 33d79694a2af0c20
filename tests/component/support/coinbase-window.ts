import type { BrowserContext } from 'playwright';
import type { Hex, TypedDataDefinition } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { World } from '../../../demo-site/world/index.ts';
import type { BrowserWallet } from './browser-wallet.ts';

/** Answers that the window gives after Coinbase's library has asked for them over its encrypted channel. */
type Answer = { readonly value: unknown } | { readonly error: { code: number; message: string } };

/**
 * Stands in for Coinbase's window: what `@coinbase/wallet-sdk` opens, with the messages and the encryption that it
 * expects of it (its `core/communicator` and `sign/scw`). The key stays in this process.
 *
 * @param refuse a method that the reader says no to.
 */
export async function serveCoinbaseWindow(
  context: BrowserContext,
  world: World,
  { refuse }: { readonly refuse?: string } = {},
): Promise<BrowserWallet> {
  const account = privateKeyToAccount(generatePrivateKey());
  const calls: string[] = [];
  const answer = async (method: string, params: readonly unknown[]): Promise<Answer> => {
    calls.push(method);
    if (method === refuse) return { error: { code: 4001, message: 'User rejected the request.' } };
    if (method === 'eth_requestAccounts') return { value: [account.address] };
    if (method === 'eth_signTypedData_v4') {
      const { types, ...rest } = JSON.parse(String(params[1])) as TypedDataDefinition;
      return { value: await account.signTypedData({ types, ...rest }) };
    }
    if (method === 'personal_sign')
      return { value: await account.signMessage({ message: { raw: params[0] as Hex } }) };
    return { error: { code: -32601, message: `${method} is not known here.` } };
  };
  await context.exposeFunction('answerOfCoinbase', answer);
  const chains = { 84532: world.rpcUrl };
  await context.route('https://keys.coinbase.com/**', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><title>Coinbase</title><script>(${coinbaseWindow})(${JSON.stringify(chains)})</script>`,
    }),
  );
  return { address: account.address, calls };
}

/** Runs in the window. */
function coinbaseWindow(chains: Record<number, string>): void {
  type Content =
    | { handshake: { method: string; params: readonly unknown[] } }
    | { encrypted: { iv: Uint8Array<ArrayBuffer>; cipherText: ArrayBuffer } };
  type Said = { id: string; event?: string; sender: string; content?: Content };
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const hexOf = (bytes: ArrayBuffer) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const bytesOf = (hex: string) =>
    Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const ask = Reflect.get(window, 'answerOfCoinbase') as (
    method: string,
    params: readonly unknown[],
  ) => Promise<unknown>;

  /** The window is opened anew for every question, and keeps its key between them. */
  async function ownKeys(): Promise<CryptoKeyPair> {
    const kept = localStorage.getItem('keys');
    if (kept !== null) {
      const { secret, open } = JSON.parse(kept);
      return {
        privateKey: await crypto.subtle.importKey('jwk', secret, curve, true, ['deriveKey']),
        publicKey: await crypto.subtle.importKey('jwk', open, curve, true, []),
      };
    }
    const made = await crypto.subtle.generateKey(curve, true, ['deriveKey']);
    const [secret, open] = [
      await crypto.subtle.exportKey('jwk', made.privateKey),
      await crypto.subtle.exportKey('jwk', made.publicKey),
    ];
    localStorage.setItem('keys', JSON.stringify({ secret, open }));
    return made;
  }

  async function onSaid(
    { id, event, sender, content }: Said,
    reply: (message: object) => void,
  ): Promise<void> {
    if (event === 'selectSignerType') return reply({ requestId: id, data: 'scw' });
    if (content === undefined) return;
    const own = await ownKeys();
    const peer = await crypto.subtle.importKey('spki', bytesOf(sender), curve, true, []);
    const cipher = { name: 'AES-GCM', length: 256 };
    const uses: readonly KeyUsage[] = ['encrypt', 'decrypt'];
    const secret = await crypto.subtle.deriveKey(
      { name: 'ECDH', public: peer },
      own.privateKey,
      cipher,
      false,
      [...uses],
    );
    const { method, params } =
      'handshake' in content ? content.handshake : await opened(content.encrypted, secret);
    const result = await ask(method, params ?? []);
    const text = JSON.stringify({ result, ...('handshake' in content ? { data: { chains } } : {}) });
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const cipherText = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv },
      secret,
      new TextEncoder().encode(text),
    );
    reply({
      requestId: id,
      sender: hexOf(await crypto.subtle.exportKey('spki', own.publicKey)),
      content: { encrypted: { iv, cipherText } },
    });
    if (!('handshake' in content)) close();
  }

  async function opened(
    { iv, cipherText }: { iv: Uint8Array<ArrayBuffer>; cipherText: ArrayBuffer },
    secret: CryptoKey,
  ): Promise<{ method: string; params?: readonly unknown[] }> {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, secret, cipherText);
    return JSON.parse(new TextDecoder().decode(plain)).action;
  }

  addEventListener('message', ({ data, source, origin }) => {
    void onSaid(data, (message) => (source as Window | null)?.postMessage(message, origin));
  });
  opener.postMessage({ event: 'PopupLoaded', id: crypto.randomUUID() }, '*');
}
