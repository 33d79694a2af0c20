import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'Il n’y a pas assez d’argent dans le portefeuille sur ce réseau.',
  used: 'Il dit avoir déjà reçu ce paiement.',
  late: 'Il dit que le paiement est arrivé trop tard.',
  signature: 'Il n’a pas pu vérifier la signature du portefeuille.',
};

export const more: More = {
  loadAgain: 'L’obtenir à nouveau, gratuitement',
  sendAgain: 'L’envoyer à nouveau',
  payAgain: (price) => `Payer encore ${price}`,
  fault,
  notPaid: 'Non payé. Vous pouvez réessayer.',
  refused: 'Vous avez choisi de ne pas payer.',
  hindered: {
    'no-wallet': (payer) => `${payer} n’est pas encore configuré. Rien n’a été payé.`,
    paused: (payer) => `Les paiements sont suspendus dans ${payer}. Rien n’a été payé.`,
    'short-of-money': (payer) => `Il n’y a pas assez d’argent dans ${payer} pour cela. Rien n’a été payé.`,
    'site-blocked': (payer) =>
      `Vous avez indiqué dans ${payer} que ce site ne doit jamais être payé. Rien n’a été payé.`,
  },
  remedy: {
    'no-wallet': 'Configurer',
    paused: 'Reprendre les paiements',
    'short-of-money': 'Ajouter de l’argent',
    'site-blocked': 'Modifier',
  },
  goesOn: 'Dès que c’est fait, la lecture continue ici.',
  stopped: 'Cette page a arrêté le paiement. Rien n’a été payé.',
  changed: 'Le prix a changé depuis son affichage. Rien n’a été payé.',
  rejected: (refusal, said) =>
    `Le site n’a pas accepté le paiement. ${why(refusal, said)}Appuyer encore envoie le même paiement, jamais un second.`,
  unknown: (refusal, said) =>
    `Le paiement est parti, mais personne n’a encore dit s’il est arrivé. ${why(refusal, said)}Appuyer encore est sans risque : cela envoie le même paiement, jamais un second.`,
  extensionFailed: (name) =>
    `${name} n’a pas eu de réponse. Vérifiez-y si le paiement a eu lieu avant de réessayer.`,
  notDelivered: (status) => `${undelivered(status)} L’obtenir à nouveau ne coûte rien.`,
  notDeliveredBy: (name, status) =>
    `${undelivered(status)} ${name} vous demande avant de payer une seconde fois.`,
  brokeOff: 'C’est payé, mais cela s’est interrompu en route. L’obtenir à nouveau ne coûte rien.',
  movedOn: 'C’est payé. Le site le garde à une autre adresse, que cette page ne peut pas lire.',
  openThere: 'L’ouvrir là-bas',
  paidOnOtherTerms: 'C’est payé, mais le site demande maintenant autre chose. Rien de plus n’a été payé.',
  stillOpen: (time) =>
    `Un paiement précédent pour cette page peut encore aboutir ; il n’y en a donc pas eu de second. Appuyez à nouveau après ${time}.`,
  paidBefore: (price, time) =>
    `Vous avez payé ${price} pour cela à ${time}, et le site ne le redonne pas pour autant. Appuyer encore paie une fois de plus.`,
  declined: 'Non payé : refusé dans le portefeuille.',
  noAccount: 'Votre portefeuille n’a pas de compte pour payer. Créez-en un, puis appuyez à nouveau.',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `Non payé : cela se paie sur ${network}, et votre portefeuille est sur un autre réseau. Changez-en, puis appuyez à nouveau.`
      : `Non payé : cela se paie sur ${network}, et votre portefeuille n’a pas encore ce réseau. Ajoutez-le, puis appuyez à nouveau.`,
  walletBusy: 'Votre portefeuille a déjà une question ouverte. Répondez-y, puis appuyez à nouveau.',
  walletFailed: 'Non payé : le portefeuille n’a pas pu signer.',
  notKept:
    'Non payé : le navigateur n’enregistre rien pour ce site en ce moment, et un paiement qui pourrait être oublié n’est pas fait. Libérez de la place ou autorisez le site à enregistrer des données, puis appuyez à nouveau.',
  tooLate: 'Non payé : il restait trop peu de temps pour payer sûrement. Appuyez à nouveau.',
  noPayer: 'Il n’y a encore rien dans ce navigateur pour payer.',
  helpTitle: 'Comment payer',
  getExtension:
    'Ajoutez à votre navigateur une extension qui paie les pages, comme Tuppence, ou un portefeuille.',
  fund: (what, amount) =>
    what && amount ? `Mettez-y ${what} ; ${amount} suffit pour cette page.` : 'Mettez-y un peu d’argent.',
  pressAgain: 'Rechargez cette page et appuyez à nouveau sur le bouton.',
  helpLink: 'En savoir plus sur cette façon de payer',
  choose: 'Avec quoi voulez-vous payer ?',
  otherWallet: 'Utiliser un autre portefeuille',
  signIn: 'Déjà acheté ? Se connecter',
  signingIn: (payer) => `Connectez-vous avec ${payer}. Cela ne coûte rien.`,
  notBought: 'Aucun achat fait ici avec ce portefeuille n’a été trouvé. Rien n’a été payé.',
  whichWallet: 'Avec quel portefeuille avez-vous payé ?',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'Ce péage n’a pas d’adresse. Il lui faut un attribut src avec une adresse web.';
    case 'bad-setting':
      return `Ce péage est mal réglé : ${what.name} est illisible. Rien ne peut être payé ici.`;
    case 'unreachable':
      return `${what.host} est injoignable. Rien n’a été payé.`;
    case 'bad-status':
      return `${what.host} a répondu par l’erreur ${what.status}. Rien n’a été payé.`;
    case 'forwarded':
      return `${what.from} renvoie cette demande vers ${what.to}. Les pages d’un autre site ne sont pas payées ici.`;
    case 'no-terms':
      return `${what.host} demande un paiement, mais pas sous une forme lisible (x402).`;
    case 'hidden':
      return `Le prix est illisible ici : ${what.host} doit envoyer « Access-Control-Expose-Headers: PAYMENT-REQUIRED ».`;
    case 'blocked':
      return `${what.host} ne laisse pas cette page envoyer un paiement. Rien n’a été signé ni payé.`;
    case 'unpayable':
      return `La suite de cette page ne peut pas être payée ici. ${what.detail}`;
    case 'too-dear':
      return `Le site demande ${what.price}. Cette page permet ${what.most} au plus ; rien ne peut être payé ici.`;
    case 'other-payee':
      return `Le site veut l’argent à ${what.payTo}, que cette page ne nomme pas comme bénéficiaire. Rien ne peut être payé ici.`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]} `;
  return said === null ? '' : `Il a dit : « ${said} ». `;
}

function undelivered(status: number): string {
  return `C’est payé, mais la page n’a pas pu être chargée${status >= 400 ? ` (erreur ${status})` : ''}.`;
}
