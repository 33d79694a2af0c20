/** Something that is as it should be, or not, in one sentence. */
export type Finding = { readonly isGood: boolean; readonly text: string };

export const good = (text: string): Finding => ({ isGood: true, text });
export const bad = (text: string): Finding => ({ isGood: false, text });
