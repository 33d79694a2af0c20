import { face as de } from './de-face.ts';
import { face as es } from './es-face.ts';
import { face as fr } from './fr-face.ts';
import { face as ja } from './ja-face.ts';
import { face as pt } from './pt-face.ts';
import type { Face, Language } from './words.ts';

const FACES: { readonly [L in Language]: Face } = { de, es, fr, ja, pt };

/** The first words in the language of a tag such as `"de-CH"`, or null when it is not spoken here. */
export function faceOf(tag: string): { readonly language: Language; readonly face: Face } | null {
  const [wanted] = tag.toLowerCase().split('-');
  const language = (['de', 'es', 'fr', 'ja', 'pt'] as const).find((one) => one === wanted);
  return language === undefined ? null : { language, face: FACES[language] };
}
