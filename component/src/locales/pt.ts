import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'Não há dinheiro suficiente na carteira nesta rede.',
  used: 'Diz que já recebeu este pagamento.',
  late: 'Diz que o pagamento chegou tarde demais.',
  signature: 'Não conseguiu verificar a assinatura da carteira.',
};

export const more: More = {
  loadAgain: 'Obter de novo, grátis',
  sendAgain: 'Enviar de novo',
  payAgain: (price) => `Pagar ${price} outra vez`,
  fault,
  notPaid: 'Não pago. Pode tentar de novo.',
  refused: 'Escolheu não pagar.',
  hindered: {
    'no-wallet': (payer) => `${payer} ainda não está configurado. Nada foi pago.`,
    paused: (payer) => `Os pagamentos estão em pausa em ${payer}. Nada foi pago.`,
    'short-of-money': (payer) => `Não há dinheiro suficiente em ${payer} para isto. Nada foi pago.`,
    'site-blocked': (payer) => `Indicou em ${payer} que este site nunca deve ser pago. Nada foi pago.`,
  },
  remedy: {
    'no-wallet': 'Configurar',
    paused: 'Retomar os pagamentos',
    'short-of-money': 'Adicionar dinheiro',
    'site-blocked': 'Alterar',
  },
  goesOn: 'Assim que estiver feito, continua aqui.',
  stopped: 'Esta página parou o pagamento. Nada foi pago.',
  changed: 'O preço mudou desde que foi mostrado. Nada foi pago.',
  rejected: (refusal, said) =>
    `O site não aceitou o pagamento. ${why(refusal, said)}Premir de novo envia o mesmo pagamento, nunca um segundo.`,
  unknown: (refusal, said) =>
    `O pagamento saiu, mas ainda ninguém disse se chegou. ${why(refusal, said)}Premir de novo é seguro: envia o mesmo pagamento, nunca um segundo.`,
  extensionFailed: (name) =>
    `${name} não obteve resposta. Veja lá se o pagamento foi feito antes de tentar de novo.`,
  notDelivered: (status) => `${undelivered(status)} Obter de novo não custa nada.`,
  notDeliveredBy: (name, status) =>
    `${undelivered(status)} ${name} pergunta-lhe antes de pagar uma segunda vez.`,
  brokeOff: 'Está pago, mas foi interrompido no caminho. Obter de novo não custa nada.',
  movedOn: 'Está pago. O site guarda-o noutro endereço, que esta página não pode ler.',
  openThere: 'Abrir lá',
  paidOnOtherTerms: 'Está pago, mas o site pede agora outra coisa. Nada mais foi pago.',
  stillOpen: (time) =>
    `Um pagamento anterior desta página ainda pode concluir-se, por isso não se fez um segundo. Prima de novo depois das ${time}.`,
  paidBefore: (price, time) =>
    `Pagou ${price} por isto às ${time}, e o site não o dá outra vez por isso. Premir de novo paga mais uma vez.`,
  declined: 'Não pago: foi recusado na carteira.',
  noAccount: 'A sua carteira não tem conta com que pagar. Crie uma lá e prima de novo.',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `Não pago: isto paga-se em ${network}, e a sua carteira está noutra rede. Mude lá e prima de novo.`
      : `Não pago: isto paga-se em ${network}, e a sua carteira ainda não tem essa rede. Adicione-a lá e prima de novo.`,
  walletBusy: 'A sua carteira já tem uma pergunta aberta. Responda lá e prima de novo.',
  walletFailed: 'Não pago: a carteira não conseguiu assinar.',
  notKept:
    'Não pago: o navegador não guarda nada deste site agora, e um pagamento que poderia ser esquecido não é feito. Libere espaço ou permita que o site guarde dados e toque de novo.',
  tooLate: 'Não pago: restava pouco tempo para pagar em segurança. Prima de novo.',
  noPayer: 'Ainda não há nada neste navegador com que pagar.',
  helpTitle: 'Como pagar',
  getExtension: 'Adicione ao navegador uma extensão que pague páginas, como a Tuppence, ou uma carteira.',
  fund: (what, amount) =>
    what && amount
      ? `Ponha ${what} nela; ${amount} chega para esta página.`
      : 'Ponha um pouco de dinheiro nela.',
  pressAgain: 'Recarregue esta página e prima o botão outra vez.',
  helpLink: 'Mais sobre esta forma de pagar',
  choose: 'Com que quer pagar?',
  otherWallet: 'Usar outra carteira',
  signIn: 'Já comprou? Inicie sessão',
  signingIn: (payer) => `Inicie sessão com ${payer}. Não custa nada.`,
  notBought: 'Não se encontrou nada comprado aqui com esta carteira. Nada foi pago.',
  whichWallet: 'Com que carteira pagou?',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'Esta barreira de pagamento não tem endereço. Precisa de um atributo src com um endereço web.';
    case 'bad-setting':
      return `Esta barreira de pagamento está mal configurada: não é possível ler ${what.name}. Aqui não se pode pagar nada.`;
    case 'unreachable':
      return `Não foi possível contactar ${what.host}. Nada foi pago.`;
    case 'bad-status':
      return `${what.host} respondeu com o erro ${what.status}. Nada foi pago.`;
    case 'forwarded':
      return `${what.from} encaminha este pedido para ${what.to}. Páginas de outro site não são pagas aqui.`;
    case 'no-terms':
      return `${what.host} pede um pagamento, mas não numa forma que se possa ler (x402).`;
    case 'hidden':
      return `Aqui não se consegue ler o preço: ${what.host} tem de enviar “Access-Control-Expose-Headers: PAYMENT-REQUIRED”.`;
    case 'blocked':
      return `${what.host} não deixa esta página enviar um pagamento. Nada foi assinado nem pago.`;
    case 'unpayable':
      return `O resto desta página não pode ser pago aqui. ${what.detail}`;
    case 'too-dear':
      return `O site pede ${what.price}. Esta página permite no máximo ${what.most}, por isso aqui não se pode pagar nada.`;
    case 'other-payee':
      return `O site quer o dinheiro em ${what.payTo}, que esta página não indica como beneficiário. Aqui não se pode pagar nada.`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]} `;
  return said === null ? '' : `Disse: “${said}”. `;
}

function undelivered(status: number): string {
  return `Está pago, mas não foi possível carregar a página${status >= 400 ? ` (erro ${status})` : ''}.`;
}
