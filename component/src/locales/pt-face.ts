import type { Face } from './words.ts';

export const face: Face = {
  locale: 'pt',
  checking: 'A procurar o preço…',
  readOn: 'Continuar a ler',
  readOnFor: (price) => `Continuar a ler por ${price}`,
  lead: 'pelo resto desta página',
  leadHidden: 'O resto desta página é pago',
  once: 'Pago uma vez, sem conta.',
  upfront: 'Cobrado antes de a página ser feita.',
  amountOn: (amount, network) => `${amount} em ${network}`,
  testNetwork: (name) => `${name} (rede de testes)`,
  payee: (payee) => `para ${payee}.`,
  waiting: 'A aguardar…',
  paying: 'A pagar…',
  confirm: (payer, price) =>
    price ? `Confirme o pagamento de ${price} em ${payer}.` : `A aguardar ${payer}…`,
  sent: 'O pagamento foi enviado. A aguardar a página…',
  paid: (price) => (price ? `Pago: ${price}` : 'Pago'),
  paidNow: 'Pago. O resto segue abaixo.',
  openNow: 'Nada mais a pagar. O resto segue abaixo.',
  receipt: 'Recibo',
  tryAgain: 'Tentar de novo',
  offline: 'Está sem ligação. Continua sozinho quando voltar. Nada foi pago.',
  notLoaded: 'Não foi possível carregar uma parte desta barreira de pagamento. Nada foi pago.',
};
