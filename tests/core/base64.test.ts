import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64, MAX_BASE64_LENGTH } from '../../component/src/core/index.ts';
import { thrownBy } from '../support/terms.ts';

describe('base64', () => {
  it('encodes UTF-8, where btoa alone would throw', () => {
    expect(encodeBase64('USD₮0')).toBe('VVNE4oKuMA==');
    expect(encodeBase64('')).toBe('');
  });

  it('decodes the standard and the URL alphabet, with and without padding, and blanks around it', () => {
    expect(decodeBase64('Pj4/Pw==')).toBe('>>??');
    expect(decodeBase64('Pj4_Pw')).toBe('>>??');
    expect(decodeBase64(' Pj4+\n')).toBe('>>>');
    expect(decodeBase64('VVNE4oKuMA')).toBe('USD₮0');
  });

  it.each(['a', 'a===', '*', 'YQ==YQ==', 'Y Q=', '/w==', 'YQ=', 'é'])('refuses %j', async (text) => {
    expect(await thrownBy(() => decodeBase64(text))).toMatchObject({
      name: 'Base64.InvalidBase64Error',
      message: 'The header is not valid base64 text.',
    });
  });

  it('takes 262,144 characters and no more', async () => {
    expect(decodeBase64('YWFh'.repeat(MAX_BASE64_LENGTH / 4))).toHaveLength(196_608);
    expect(await thrownBy(() => decodeBase64('YWFh'.repeat(MAX_BASE64_LENGTH / 4 + 1)))).toMatchObject({
      name: 'Base64.InvalidBase64Error',
    });
  });

  it('gives back every text of whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeBase64(encodeBase64(text))).toBe(text);
        expect(encodeBase64(text)).toBe(Buffer.from(text).toString('base64'));
      }),
    );
  });
});
