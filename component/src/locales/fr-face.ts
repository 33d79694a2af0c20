import type { Face } from './words.ts';

export const face: Face = {
  locale: 'fr',
  checking: 'Recherche du prix…',
  readOn: 'Lire la suite',
  readOnFor: (price) => `Lire la suite pour ${price}`,
  lead: 'pour la suite de cette page',
  leadHidden: 'La suite de cette page est payante',
  once: 'Payé une fois, sans compte.',
  upfront: 'Débité avant que la page soit produite.',
  amountOn: (amount, network) => `${amount} sur ${network}`,
  testNetwork: (name) => `${name} (réseau de test)`,
  payee: (payee) => `à ${payee}.`,
  waiting: 'En attente…',
  paying: 'Paiement…',
  confirm: (payer, price) =>
    price ? `Confirmez le paiement de ${price} dans ${payer}.` : `En attente de ${payer}…`,
  sent: 'Le paiement est parti. En attente de la page…',
  paid: (price) => (price ? `${price} payé` : 'Payé'),
  paidNow: 'Payé. La suite est ci-dessous.',
  openNow: 'Plus rien à payer. La suite est ci-dessous.',
  receipt: 'Reçu',
  tryAgain: 'Réessayer',
  offline: 'Vous êtes hors ligne. La suite viendra d’elle-même à votre retour. Rien n’a été payé.',
  notLoaded: 'Une partie de ce péage n’a pas pu être chargée. Rien n’a été payé.',
};
