import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'No hay suficiente dinero en la cartera en esta red.',
  used: 'Dice que ya tenía este pago.',
  late: 'Dice que el pago llegó demasiado tarde.',
  signature: 'No pudo comprobar la firma de la cartera.',
};

export const more: More = {
  loadAgain: 'Obtenerlo de nuevo, gratis',
  sendAgain: 'Enviarlo de nuevo',
  payAgain: (price) => `Pagar ${price} otra vez`,
  fault,
  notPaid: 'No pagado. Puede intentarlo de nuevo.',
  refused: 'Ha decidido no pagar.',
  hindered: {
    'no-wallet': (payer) => `${payer} aún no está configurado. No se ha pagado nada.`,
    paused: (payer) => `Los pagos están en pausa en ${payer}. No se ha pagado nada.`,
    'short-of-money': (payer) => `No hay suficiente dinero en ${payer} para esto. No se ha pagado nada.`,
    'site-blocked': (payer) =>
      `Ha indicado en ${payer} que no se pague nunca a este sitio. No se ha pagado nada.`,
  },
  remedy: {
    'no-wallet': 'Configurarlo',
    paused: 'Reanudar los pagos',
    'short-of-money': 'Añadir dinero',
    'site-blocked': 'Cambiarlo',
  },
  goesOn: 'En cuanto esté hecho, se sigue aquí.',
  stopped: 'Esta página detuvo el pago. No se ha pagado nada.',
  changed: 'El precio ha cambiado desde que se mostró. No se ha pagado nada.',
  rejected: (refusal, said) =>
    `El sitio no aceptó el pago. ${why(refusal, said)}Pulsar otra vez envía el mismo pago, nunca un segundo.`,
  unknown: (refusal, said) =>
    `El pago salió, pero nadie ha dicho aún si llegó. ${why(refusal, said)}Pulsar otra vez es seguro: envía el mismo pago, nunca un segundo.`,
  extensionFailed: (name) =>
    `${name} no obtuvo respuesta. Mire allí si el pago se hizo antes de intentarlo de nuevo.`,
  notDelivered: (status) => `${undelivered(status)} Obtenerlo de nuevo no cuesta nada.`,
  notDeliveredBy: (name, status) =>
    `${undelivered(status)} ${name} le pregunta antes de pagar por segunda vez.`,
  brokeOff: 'Está pagado, pero se cortó por el camino. Obtenerlo de nuevo no cuesta nada.',
  movedOn: 'Está pagado. El sitio lo guarda en otra dirección, que esta página no puede leer.',
  openThere: 'Abrirlo allí',
  paidOnOtherTerms: 'Está pagado, pero el sitio pide ahora otra cosa. No se ha pagado nada más.',
  stillOpen: (time) =>
    `Un pago anterior por esta página aún puede completarse, así que no se hizo otro. Pulse de nuevo después de las ${time}.`,
  paidBefore: (price, time) =>
    `Pagó ${price} por esto a las ${time}, y el sitio no lo da otra vez por ello. Pulsar de nuevo paga una vez más.`,
  declined: 'No pagado: se rechazó en la cartera.',
  noAccount: 'Su cartera no tiene ninguna cuenta con la que pagar. Cree una allí y pulse de nuevo.',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `No pagado: esto se paga en ${network}, y su cartera está en otra red. Cambie allí y pulse de nuevo.`
      : `No pagado: esto se paga en ${network}, y su cartera aún no tiene esa red. Añádala allí y pulse de nuevo.`,
  walletBusy: 'Su cartera ya tiene una pregunta abierta. Respóndala allí y pulse de nuevo.',
  walletFailed: 'No pagado: la cartera no pudo firmar.',
  notKept:
    'No pagado: el navegador no guarda nada de este sitio ahora, y no se hace un pago que podría olvidarse. Libere espacio o permita que el sitio guarde datos y pulse de nuevo.',
  tooLate: 'No pagado: quedaba muy poco tiempo para pagar con seguridad. Pulse de nuevo.',
  noPayer: 'Todavía no hay nada en este navegador con lo que pagar.',
  helpTitle: 'Cómo pagar',
  getExtension: 'Añada a su navegador una extensión que pague páginas, como Tuppence, o una cartera.',
  fund: (what, amount) =>
    what && amount
      ? `Ponga ${what} en ella; ${amount} basta para esta página.`
      : 'Ponga un poco de dinero en ella.',
  pressAgain: 'Recargue esta página y pulse el botón otra vez.',
  helpLink: 'Más sobre esta forma de pagar',
  choose: '¿Con qué quiere pagar?',
  otherWallet: 'Usar otra cartera',
  signIn: '¿Ya lo compró? Inicie sesión',
  signingIn: (payer) => `Inicie sesión con ${payer}. No cuesta nada.`,
  notBought: 'No se encontró nada comprado aquí con esta cartera. No se ha pagado nada.',
  whichWallet: '¿Con qué cartera pagó?',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'Este muro de pago no tiene dirección. Necesita un atributo src con una dirección web.';
    case 'bad-setting':
      return `Este muro de pago está mal configurado: no se puede leer ${what.name}. Aquí no se puede pagar nada.`;
    case 'unreachable':
      return `No se pudo contactar con ${what.host}. No se ha pagado nada.`;
    case 'bad-status':
      return `${what.host} respondió con el error ${what.status}. No se ha pagado nada.`;
    case 'forwarded':
      return `${what.from} reenvía esta petición a ${what.to}. Aquí no se pagan páginas de otro sitio.`;
    case 'no-terms':
      return `${what.host} pide un pago, pero no de una forma que se pueda leer (x402).`;
    case 'hidden':
      return `Aquí no se puede leer el precio: ${what.host} debe enviar «Access-Control-Expose-Headers: PAYMENT-REQUIRED».`;
    case 'blocked':
      return `${what.host} no deja que esta página envíe un pago. No se ha firmado ni pagado nada.`;
    case 'unpayable':
      return `El resto de esta página no se puede pagar aquí. ${what.detail}`;
    case 'too-dear':
      return `El sitio pide ${what.price}. Esta página permite ${what.most} como máximo, así que aquí no se puede pagar nada.`;
    case 'other-payee':
      return `El sitio quiere el dinero en ${what.payTo}, que esta página no nombra como destinatario. Aquí no se puede pagar nada.`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]} `;
  return said === null ? '' : `Dijo: «${said}». `;
}

function undelivered(status: number): string {
  return `Está pagado, pero no se pudo cargar la página${status >= 400 ? ` (error ${status})` : ''}.`;
}
