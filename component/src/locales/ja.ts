import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'このネットワークのウォレットの残高が足りません。',
  used: 'この支払いはすでに受け取ったとのことです。',
  late: '支払いが遅すぎたとのことです。',
  signature: 'ウォレットの署名を確認できなかったとのことです。',
};

export const more: More = {
  loadAgain: '無料でもう一度読み込む',
  sendAgain: 'もう一度送る',
  payAgain: (price) => `もう一度${price}を支払う`,
  fault,
  notPaid: '支払われていません。もう一度試せます。',
  refused: '支払わないことを選びました。',
  hindered: {
    'no-wallet': (payer) => `${payer} はまだ設定されていません。何も支払われていません。`,
    paused: (payer) => `${payer} で支払いが一時停止されています。何も支払われていません。`,
    'short-of-money': (payer) => `${payer} の残高が足りません。何も支払われていません。`,
    'site-blocked': (payer) =>
      `${payer} で、このサイトには支払わない設定になっています。何も支払われていません。`,
  },
  remedy: {
    'no-wallet': '設定する',
    paused: '支払いを再開する',
    'short-of-money': 'お金を追加する',
    'site-blocked': '変更する',
  },
  goesOn: '済んだら、ここで続きます。',
  stopped: 'このページが支払いを止めました。何も支払われていません。',
  changed: '表示後に価格が変わりました。何も支払われていません。',
  rejected: (refusal, said) =>
    `サイトは支払いを受け付けませんでした。${why(refusal, said)}もう一度押すと同じ支払いを送ります。二重に支払うことはありません。`,
  unknown: (refusal, said) =>
    `支払いは送られましたが、届いたかどうかはまだ分かりません。${why(refusal, said)}もう一度押しても安全です。同じ支払いを送り、二重に支払うことはありません。`,
  extensionFailed: (name) =>
    `${name}は応答を得られませんでした。もう一度試す前に、支払いが済んだかどうかをそちらで確かめてください。`,
  notDelivered: (status) => `${undelivered(status)}もう一度読み込んでも費用はかかりません。`,
  notDeliveredBy: (name, status) => `${undelivered(status)}${name}は二度目の支払いの前に確認します。`,
  brokeOff: '支払いは済みましたが、途中で切れました。もう一度読み込んでも費用はかかりません。',
  movedOn: '支払いは済みました。内容は、このページから読めない別のアドレスにあります。',
  openThere: 'そちらで開く',
  paidOnOtherTerms: '支払いは済みましたが、サイトは今は別の条件を求めています。追加の支払いはありません。',
  stillOpen: (time) =>
    `このページへの以前の支払いがまだ成立する可能性があるため、二度目は行いませんでした。${time}より後にもう一度押してください。`,
  paidBefore: (price, time) =>
    `${time}に${price}を支払いましたが、サイトはそれでもう一度は提供しません。もう一度押すと改めて支払います。`,
  declined: '支払われていません。ウォレットで拒否されました。',
  noAccount: 'ウォレットに支払い用のアカウントがありません。作成してからもう一度押してください。',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `支払われていません。支払いは${network}で行いますが、ウォレットは別のネットワークです。切り替えてからもう一度押してください。`
      : `支払われていません。支払いは${network}で行いますが、ウォレットにこのネットワークがまだありません。追加してからもう一度押してください。`,
  walletBusy: 'ウォレットで別の確認が開いたままです。答えてからもう一度押してください。',
  walletFailed: '支払われていません。ウォレットが署名できませんでした。',
  notKept:
    '支払われていません。このブラウザーは今、このサイトのデータを保存できません。忘れられるおそれのある支払いは行いません。空きを作るか、サイトにデータの保存を許可してから、もう一度押してください。',
  tooLate: '支払われていません。安全に支払うには時間が足りませんでした。もう一度押してください。',
  noPayer: 'このブラウザーにはまだ支払いの手段がありません。',
  helpTitle: '支払い方法',
  getExtension: 'ページの支払いができる拡張機能（Tuppenceなど）かウォレットをブラウザーに追加してください。',
  fund: (what, amount) =>
    what && amount
      ? `${what}を入れてください。このページには${amount}で足ります。`
      : '少額を入れてください。',
  pressAgain: 'このページを再読み込みして、もう一度ボタンを押してください。',
  helpLink: 'この支払い方法について',
  choose: '何で支払いますか？',
  otherWallet: '別のウォレットを使う',
  signIn: '購入済みの方はサインイン',
  signingIn: (payer) => `${payer} でサインインしてください。料金はかかりません。`,
  notBought: 'このウォレットでの購入が見つかりません。何も支払われていません。',
  whichWallet: 'どのウォレットで支払いましたか？',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'このペイウォールにはアドレスがありません。ウェブアドレスを書いたsrc属性が必要です。';
    case 'bad-setting':
      return `このペイウォールの設定に誤りがあります。${what.name}を読み取れません。ここでは支払えません。`;
    case 'unreachable':
      return `${what.host}に接続できませんでした。何も支払われていません。`;
    case 'bad-status':
      return `${what.host}がエラー${what.status}を返しました。何も支払われていません。`;
    case 'forwarded':
      return `${what.from}はこの要求を${what.to}に転送します。別のサイトのページはここでは支払いません。`;
    case 'no-terms':
      return `${what.host}は支払いを求めていますが、読み取れる形式（x402）ではありません。`;
    case 'hidden':
      return `ここでは価格を読み取れません。${what.host}は「Access-Control-Expose-Headers: PAYMENT-REQUIRED」を送る必要があります。`;
    case 'blocked':
      return `${what.host}はこのページからの支払いを許可していません。署名も支払いも行われていません。`;
    case 'unpayable':
      return `このページの続きはここでは支払えません。${what.detail}`;
    case 'too-dear':
      return `サイトは${what.price}を求めています。このページで認められるのは${what.most}までなので、ここでは支払えません。`;
    case 'other-payee':
      return `サイトは${what.payTo}への送金を求めていますが、このページが挙げる送金先ではありません。ここでは支払えません。`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]}`;
  return said === null ? '' : `サイトの説明：「${said}」。`;
}

function undelivered(status: number): string {
  return `支払いは済みましたが、ページを読み込めませんでした${status >= 400 ? ` (エラー ${status})` : ''}。`;
}
