/** Stands in for WXT's context of content scripts, which nothing here uses: it would be code in every page. */
export class ContentScriptContext {}
