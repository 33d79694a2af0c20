import type { Face } from './words.ts';

export const face: Face = {
  locale: 'de',
  checking: 'Der Preis wird nachgesehen …',
  readOn: 'Weiterlesen',
  readOnFor: (price) => `Für ${price} weiterlesen`,
  lead: 'für den Rest dieser Seite',
  leadHidden: 'Der Rest dieser Seite kostet etwas',
  once: 'Einmal bezahlt, ohne Konto.',
  upfront: 'Wird berechnet, bevor die Seite erstellt ist.',
  amountOn: (amount, network) => `${amount} auf ${network}`,
  testNetwork: (name) => `${name} (Testnetz)`,
  payee: (payee) => `an ${payee}.`,
  waiting: 'Warten …',
  paying: 'Wird bezahlt …',
  confirm: (payer, price) =>
    price ? `Bestätigen Sie die Zahlung von ${price} in ${payer}.` : `Warten auf ${payer} …`,
  sent: 'Die Zahlung ist abgeschickt. Warten auf die Seite …',
  paid: (price) => (price ? `${price} bezahlt` : 'Bezahlt'),
  paidNow: 'Bezahlt. Der Rest folgt unten.',
  openNow: 'Nichts mehr zu bezahlen. Der Rest folgt unten.',
  receipt: 'Beleg',
  tryAgain: 'Noch einmal versuchen',
  offline:
    'Sie sind offline. Es geht von selbst weiter, sobald Sie wieder verbunden sind. Es wurde nichts bezahlt.',
  notLoaded: 'Ein Teil dieser Bezahlschranke konnte nicht geladen werden. Es wurde nichts bezahlt.',
};
