import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'Auf diesem Netz ist nicht genug Geld in der Wallet.',
  used: 'Sie sagt, sie habe diese Zahlung schon erhalten.',
  late: 'Sie sagt, die Zahlung sei zu spät gekommen.',
  signature: 'Sie konnte die Unterschrift der Wallet nicht prüfen.',
};

export const more: More = {
  loadAgain: 'Noch einmal laden, kostenlos',
  sendAgain: 'Noch einmal senden',
  payAgain: (price) => `Noch einmal ${price} bezahlen`,
  fault,
  notPaid: 'Nicht bezahlt. Sie können es noch einmal versuchen.',
  refused: 'Sie haben sich entschieden, nicht zu bezahlen.',
  hindered: {
    'no-wallet': (payer) => `${payer} ist noch nicht eingerichtet. Es wurde nichts bezahlt.`,
    paused: (payer) => `Zahlungen sind in ${payer} angehalten. Es wurde nichts bezahlt.`,
    'short-of-money': (payer) => `In ${payer} ist dafür nicht genug Geld. Es wurde nichts bezahlt.`,
    'site-blocked': (payer) =>
      `Sie haben in ${payer} festgelegt, dass diese Website nie bezahlt wird. Es wurde nichts bezahlt.`,
  },
  remedy: {
    'no-wallet': 'Einrichten',
    paused: 'Zahlungen fortsetzen',
    'short-of-money': 'Geld hinzufügen',
    'site-blocked': 'Ändern',
  },
  goesOn: 'Sobald das erledigt ist, geht es hier weiter.',
  stopped: 'Diese Seite hat die Zahlung angehalten. Es wurde nichts bezahlt.',
  changed: 'Der Preis hat sich geändert. Es wurde nichts bezahlt.',
  rejected: (refusal, said) =>
    `Die Website hat die Zahlung nicht angenommen. ${why(refusal, said)}Ein weiterer Druck sendet dieselbe Zahlung, nie eine zweite.`,
  unknown: (refusal, said) =>
    `Die Zahlung ist abgeschickt, aber niemand hat bisher gesagt, ob sie angekommen ist. ${why(refusal, said)}Ein weiterer Druck ist sicher: Er sendet dieselbe Zahlung, nie eine zweite.`,
  extensionFailed: (name) =>
    `${name} bekam keine Antwort. Sehen Sie dort nach, ob bezahlt wurde, bevor Sie es noch einmal versuchen.`,
  notDelivered: (status) => `${undelivered(status)} Noch einmal laden kostet nichts.`,
  notDeliveredBy: (name, status) =>
    `${undelivered(status)} ${name} fragt Sie, bevor ein zweites Mal bezahlt würde.`,
  brokeOff: 'Es ist bezahlt, brach aber unterwegs ab. Noch einmal laden kostet nichts.',
  movedOn:
    'Es ist bezahlt. Die Website hat es unter einer anderen Adresse, die diese Seite nicht lesen darf.',
  openThere: 'Dort öffnen',
  paidOnOtherTerms:
    'Es ist bezahlt, aber die Website verlangt jetzt etwas anderes. Mehr wurde nicht bezahlt.',
  stillOpen: (time) =>
    `Eine frühere Zahlung für diese Seite kann noch durchgehen; deshalb gab es keine zweite. Drücken Sie nach ${time} noch einmal.`,
  paidBefore: (price, time) =>
    `Sie haben dafür um ${time} ${price} bezahlt, und die Website gibt es dafür nicht noch einmal her. Ein weiterer Druck bezahlt noch einmal.`,
  declined: 'Nicht bezahlt: In der Wallet wurde abgelehnt.',
  noAccount:
    'Ihre Wallet hat kein Konto zum Bezahlen. Legen Sie dort eines an und drücken Sie dann noch einmal.',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `Nicht bezahlt: Bezahlt wird auf ${network}, Ihre Wallet ist auf einem anderen Netz. Wechseln Sie dort und drücken Sie dann noch einmal.`
      : `Nicht bezahlt: Bezahlt wird auf ${network}, und Ihre Wallet kennt dieses Netz noch nicht. Fügen Sie es dort hinzu und drücken Sie dann noch einmal.`,
  walletBusy:
    'In Ihrer Wallet ist schon eine Frage offen. Beantworten Sie sie und drücken Sie dann noch einmal.',
  walletFailed: 'Nicht bezahlt: Die Wallet konnte nicht unterschreiben.',
  notKept:
    'Nicht bezahlt: Der Browser speichert für diese Website gerade nichts, und eine Zahlung, die vergessen werden könnte, wird nicht gemacht. Schaffen Sie Platz oder erlauben Sie der Website zu speichern, und drücken Sie dann noch einmal.',
  tooLate: 'Nicht bezahlt: Die Zeit reichte nicht, um sicher zu bezahlen. Drücken Sie noch einmal.',
  noPayer: 'In diesem Browser ist noch nichts, womit man bezahlen kann.',
  helpTitle: 'So bezahlen Sie',
  getExtension:
    'Fügen Sie Ihrem Browser eine Erweiterung hinzu, die für Seiten bezahlt, etwa Tuppence, oder eine Wallet.',
  fund: (what, amount) =>
    what && amount
      ? `Laden Sie ${what} darauf; ${amount} genügt für diese Seite.`
      : 'Laden Sie ein wenig Geld darauf.',
  pressAgain: 'Laden Sie diese Seite neu und drücken Sie die Taste noch einmal.',
  helpLink: 'Mehr über diese Art zu bezahlen',
  choose: 'Womit möchten Sie bezahlen?',
  otherWallet: 'Eine andere Wallet nehmen',
  signIn: 'Schon gekauft? Anmelden',
  signingIn: (payer) => `Melden Sie sich mit ${payer} an. Es kostet nichts.`,
  notBought: 'Mit dieser Wallet wurde hier noch nichts gekauft. Es wurde nichts bezahlt.',
  whichWallet: 'Mit welcher Wallet haben Sie bezahlt?',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'Diese Bezahlschranke hat keine Adresse. Sie braucht ein Attribut src mit einer Webadresse.';
    case 'bad-setting':
      return `Diese Bezahlschranke ist falsch eingestellt: ${what.name} ist nicht lesbar. Hier kann nichts bezahlt werden.`;
    case 'unreachable':
      return `${what.host} ist nicht erreichbar. Es wurde nichts bezahlt.`;
    case 'bad-status':
      return `${what.host} antwortet mit Fehler ${what.status}. Es wurde nichts bezahlt.`;
    case 'forwarded':
      return `${what.from} leitet diese Anfrage an ${what.to} weiter. Seiten einer anderen Website werden hier nicht bezahlt.`;
    case 'no-terms':
      return `${what.host} verlangt eine Zahlung, aber nicht in lesbarer Form (x402).`;
    case 'hidden':
      return `Der Preis ist hier nicht lesbar: ${what.host} muss „Access-Control-Expose-Headers: PAYMENT-REQUIRED“ mitsenden.`;
    case 'blocked':
      return `${what.host} lässt diese Seite keine Zahlung senden. Es wurde nichts unterschrieben oder bezahlt.`;
    case 'unpayable':
      return `Der Rest dieser Seite kann hier nicht bezahlt werden. ${what.detail}`;
    case 'too-dear':
      return `Die Website verlangt ${what.price}. Diese Seite erlaubt höchstens ${what.most}; hier kann nichts bezahlt werden.`;
    case 'other-payee':
      return `Die Website will das Geld an ${what.payTo}, was diese Seite nicht als Empfänger nennt. Hier kann nichts bezahlt werden.`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]} `;
  return said === null ? '' : `Sie sagt: „${said}“. `;
}

function undelivered(status: number): string {
  return `Es ist bezahlt, aber die Seite konnte nicht geladen werden${status >= 400 ? ` (Fehler ${status})` : ''}.`;
}
