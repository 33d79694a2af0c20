import { marked } from 'marked';

/** Markdown (with GitHub's tables) as HTML. Not safe yet: Markdown may hold any HTML. */
export function toHtml(markdown: string): string {
  return marked.parse(markdown, { async: false });
}
