/**
 * Everything that is not needed before a press, each loaded when it is first asked for. The single file for a
 * `<script>` has a module of its own in this place, which checks the integrity of what it loads.
 */
export const till = () => import('./paywall/till.ts');
export const draw = () => import('./paywall/draw.ts');
export const purify = () => import('./paywall/purify.ts');
export const markdown = () => import('./paywall/markdown.ts');
export const coinbase = () => import('./wallet/coinbase.ts');
/** The first words of every language but English. */
export const faces = () => import('./locales/faces.ts');
export const de = () => import('./locales/de.ts');
export const es = () => import('./locales/es.ts');
export const fr = () => import('./locales/fr.ts');
export const ja = () => import('./locales/ja.ts');
export const pt = () => import('./locales/pt.ts');
export const diagnose = () => import('./paywall/diagnose.ts');
