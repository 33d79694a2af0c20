import type { Face } from './words.ts';

export const face: Face = {
  locale: 'ja',
  checking: '価格を確認しています…',
  readOn: '続きを読む',
  readOnFor: (price) => `${price}で続きを読む`,
  lead: 'このページの続き',
  leadHidden: 'このページの続きは有料です',
  once: '一度きりの支払いで、アカウントは不要です。',
  upfront: 'ページが作られる前に請求されます。',
  amountOn: (amount, network) => `${amount}（${network}）`,
  testNetwork: (name) => `${name}、テストネット`,
  payee: (payee) => `送金先 ${payee}。`,
  waiting: 'お待ちください…',
  paying: '支払い中…',
  confirm: (payer, price) =>
    price ? `${payer}で${price}の支払いを確認してください。` : `${payer}を待っています…`,
  sent: '支払いを送信しました。ページを待っています…',
  paid: (price) => (price ? `${price}支払い済み` : '支払い済み'),
  paidNow: '支払いが済みました。続きは下にあります。',
  openNow: 'これ以上の支払いはありません。続きは下にあります。',
  receipt: '領収書',
  tryAgain: 'もう一度試す',
  offline: 'オフラインです。接続が戻ると自動的に続きます。何も支払われていません。',
  notLoaded: 'このペイウォールの一部を読み込めませんでした。何も支払われていません。',
};
