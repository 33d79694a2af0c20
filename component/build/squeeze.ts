import type { Plugin } from 'vite';

/** Template literals are not minified: the blanks and comments of the element's styles and markup go here. */
export function squeeze(): Plugin {
  return {
    name: 'squeeze-templates',
    enforce: 'pre',
    transform(code, id) {
      if (id.endsWith('.styles.ts')) return squeezedCss(code);
      return id.endsWith('.view.ts') ? squeezedMarkup(code) : null;
    },
  };
}

/** A `.styles.ts` holds one template and nothing else of the kind. */
function squeezedCss(code: string): string {
  return code.replace(/^\/\*\*[\s\S]*?\*\/$/gm, '').replace(/`([^`]*)`/g, (_all, css: string) => {
    const short = css
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\s+/g, ' ')
      .replace(/ ?([{};,>]) ?/g, '$1')
      .replace(/: /g, ':')
      .replace(/;}/g, '}');
    return `\`${short.trim()}\``;
  });
}

/** Only blanks that hold a line break: those within a line are between words. */
function squeezedMarkup(code: string): string {
  return code
    .replace(/>\s*\n\s*/g, '>')
    .replace(/\n\s*(?=[<])/g, '')
    .replace(/\n\s+(?=[\w@?.-]+=)/g, ' ')
    .replace(/\}\n\s*>/g, '}>');
}
