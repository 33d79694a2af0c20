import { describe, expect, it } from 'vitest';
import { MalformedError, sentenceOf, TuppenceError } from '../../component/src/core/index.ts';

describe('errors', () => {
  it('are errors with a literal name and a sentence', () => {
    const error = new MalformedError('accepts', 'a list');
    expect(error).toBeInstanceOf(TuppenceError);
    expect(error).toBeInstanceOf(Error);
    expect(`${error}`).toBe('Json.MalformedError: “accepts” should be a list.');
  });

  it('give their sentence, and anything else that was thrown its text', () => {
    expect(sentenceOf(new MalformedError('', 'a list'))).toBe('This should be a list.');
    expect(sentenceOf('plain text')).toBe('plain text');
    expect(sentenceOf(undefined)).toBe('undefined');
  });
});
