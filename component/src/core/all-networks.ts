import { type KnownNetwork, mainnet, NETWORKS, testnet, token, usdc } from './network.ts';

/**
 * Every network and dollar token that is pinned in the default tables of `@x402/evm` 2.27 and `x402` 1.2.0: for
 * `quote`'s `networks`. A module of its own, because it is larger than all the rest of what a page needs.
 *
 * Networks without tokens are here for their names: v1 servers use them, and no token of theirs is pinned anywhere.
 */
export const ALL_NETWORKS: readonly KnownNetwork[] = /* @__PURE__ */ allNetworks(); // Pure: left out where it is not used.

function allNetworks(): readonly KnownNetwork[] {
  const HPP_USDC = token('USDC.e', '0x401eCb1D350407f13ba348573E5630B83638E30D', 'Bridged USDC');
  const SBC = token('SBC', '0x33ad9e4BD16B69B5BFdED37D8B5D9fF9aba014Fb', 'Stable Coin', '1', 6, 'permit2');
  return [
    ...NETWORKS,
    testnet(80002, 'Polygon Amoy', 'polygon-amoy', usdc('0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582')),
    testnet(
      43113,
      'Avalanche Fuji',
      'avalanche-fuji',
      usdc('0x5425890298aed601595a70AB815c96711a31Bc65', 'USD Coin'),
    ),
    testnet(11155111, 'Sepolia', 'sepolia'),
    mainnet(
      42220,
      'Celo',
      'celo',
      usdc('0xcebA9300f2b948710d2653dD7B07f33A8B32118C'),
      token('USDT', '0x48065fbBE25f71C9282ddf5e1cD6D6A887483D5e', 'Tether USD', '1'),
      token('USAT', '0xD2ab3C9A02DBBAB236BfEC45D1d755DF4267F771', 'Tether America USD', '1'),
    ),
    testnet(11142220, 'Celo Sepolia', null, usdc('0x01C5C0122039549AD1493B8220cABEdD739BC44E')),
    mainnet(143, 'Monad', 'monad', usdc('0x754704Bc059F8C67012fEd69BC8A327a5aafb603')),
    mainnet(1329, 'Sei', 'sei', usdc('0xe15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392')),
    testnet(1328, 'Sei Testnet', 'sei-testnet', usdc('0x4fCF1784B31630811181f670Aea7A7bEF803eaED')),
    mainnet(50, 'XDC', null, usdc('0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1')),
    testnet(51, 'XDC Apothem', null, usdc('0xb5AB69F7bBada22B28e79C8FFAECe55eF1c771D4')),
    mainnet(
      988,
      'Stable',
      'stable',
      token('USDT0', '0x779Ded0c9e1022225f8E0630b35a9b54bE713736', 'USDT0', '1'),
    ),
    testnet(
      2201,
      'Stable Testnet',
      'stable-testnet',
      token('USDT0', '0x78Cf24370174180738C5B8E352B6D14c83a6c9A9', 'USDT0', '1'),
    ),
    mainnet(14, 'Flare', 'flare', token('USDT0', '0xe7cd86e13AC4309349F30B3435a9d337750fC82D', 'USD₮0', '1')),
    mainnet(190415, 'HPP', null, HPP_USDC),
    testnet(181228, 'HPP Sepolia', null, HPP_USDC),
    mainnet(36900, 'ADI', null, token('USDC.e', '0x9cb8142aEBBcdc60AF7c97Af897A67A8f3CA71C2', 'USDC.e')),
    mainnet(
      4326,
      'MegaETH',
      'megaeth',
      token('MegaUSD', '0xFAfDdbb3FC7688494971a79cc65DCa3EF82079E7', 'MegaUSD', '1', 18, 'permit2'),
    ),
    mainnet(
      31612,
      'Mezo',
      null,
      token('mUSD', '0xdD468A1DDc392dcdbEf6db6e34E89AA338F9F186', 'Mezo USD', '1', 18, 'permit2'),
    ),
    testnet(
      31611,
      'Mezo Testnet',
      null,
      token('mUSD', '0x118917a40FAF1CD7a13dB0Ef56C86De7973Ac503', 'Mezo USD', '1', 18, 'permit2'),
    ),
    mainnet(723487, 'Radius', null, SBC),
    testnet(72344, 'Radius Testnet', null, SBC),
    mainnet(
      38833,
      'Igra',
      null,
      token('USDC', '0xA5b8BF902b2844dA17d4506cc827F7F1681735E7', 'USDC', '1', 6, 'permit2'),
    ),
    mainnet(2741, 'Abstract', 'abstract'),
    testnet(11124, 'Abstract Testnet', 'abstract-testnet'),
    mainnet(4689, 'IoTeX', 'iotex'),
    mainnet(3338, 'Peaq', 'peaq'),
    mainnet(1514, 'Story', 'story'),
    mainnet(41923, 'EDU Chain', 'educhain'),
    testnet(324705682, 'SKALE Base Sepolia', 'skale-base-sepolia'),
  ];
}
